package flinkops.testjob;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.core.io.InputStatus;

/**
 * The numbers 1, 2, 3, … at a rate that can be steered.
 *
 * <p>Flink's own sequence deals its one split and stores it; only the reader is ours. Its state is
 * the split that is left: from the next number to the last.
 */
final class Numbers extends NumberSequenceSource {
    private static final String SPLIT = "numbers";

    private final Control control;
    private final long rate;
    private final long last;

    Numbers(Control control, long rate, long last) {
        super(1, last);
        this.control = control;
        this.rate = rate;
        this.last = last;
    }

    @Override
    public Boundedness getBoundedness() {
        return last == Long.MAX_VALUE ? Boundedness.CONTINUOUS_UNBOUNDED : Boundedness.BOUNDED;
    }

    @Override
    public SourceReader<Long, NumberSequenceSplit> createReader(SourceReaderContext context) {
        return new Reader(context);
    }

    private final class Reader implements SourceReader<Long, NumberSequenceSplit> {
        private final SourceReaderContext context;
        /** The next number; 0 before the split has come. */
        private long next;
        private long due = System.nanoTime();
        private long look = due;
        private long interval;
        private boolean paused;
        private boolean finished;
        private boolean exhausted;

        Reader(SourceReaderContext context) {
            this.context = context;
        }

        @Override
        public void start() {
            if (next == 0) {
                context.sendSplitRequest();
            }
        }

        @Override
        public void addSplits(List<NumberSequenceSplit> splits) {
            next = splits.get(0).from();
        }

        @Override
        public List<NumberSequenceSplit> snapshotState(long checkpoint) {
            boolean none = next == 0 || next > last;
            return none ? List.of() : List.of(new NumberSequenceSplit(SPLIT, next, last));
        }

        @Override
        public InputStatus pollNext(ReaderOutput<Long> output) {
            long now = System.nanoTime();
            if (now - look >= 0) {
                look = now + Control.LOOK_NANOS;
                obey();
            }
            if (finished || exhausted || next > last) {
                return InputStatus.END_OF_INPUT;
            }
            if (next == 0 || paused || now - due < 0) {
                return InputStatus.NOTHING_AVAILABLE;
            }
            output.collect(next++);
            // What was missed in a stall is not made up for beyond one look's worth.
            due = Math.max(due + interval, now - Control.LOOK_NANOS);
            return InputStatus.MORE_AVAILABLE;
        }

        /** All faults of tasks are here: this one task is asked even while nothing flows. */
        private void obey() {
            String code = control.take("exit-jvm");
            if (code != null) {
                Runtime.getRuntime().halt(code.isEmpty() ? 1 : Integer.parseInt(code));
            }
            control.failOnce("fail-task");
            control.failWhile("fail-task-always");
            paused = control.has("pause");
            finished = control.has("finish");
            interval = 1_000_000_000L / Math.max(1, control.number("rate", rate));
        }

        @Override
        public CompletableFuture<Void> isAvailable() {
            long wait = (next == 0 || paused ? look : Math.min(look, due)) - System.nanoTime();
            CompletableFuture<Void> available = new CompletableFuture<>();
            return wait <= 0
                    ? CompletableFuture.completedFuture(null)
                    : available.completeOnTimeout(null, wait, TimeUnit.NANOSECONDS);
        }

        /** Asked for a split after a restore of a state in which all was emitted. */
        @Override
        public void notifyNoMoreSplits() {
            exhausted = next == 0;
        }

        @Override
        public void close() {}
    }
}
