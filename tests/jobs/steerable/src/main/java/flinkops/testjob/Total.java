package flinkops.testjob;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/** The one task that keeps the ledger, and shows of it what a completed checkpoint holds. */
final class Total extends ProcessFunction<Tuple3<Long, Long, Integer>, Void>
        implements CheckpointedFunction, CheckpointListener {
    private static final long REFRESH_MILLIS = 100;
    private static final int ERROR_LINES = 20;

    private final Control control;
    private final String folder;
    private final String name;
    private final boolean aligned;

    private transient Board board;
    private transient ListState<SlowText> state;
    private transient Ledger ledger;
    /** Drawn, and not yet known to be complete. */
    private transient TreeMap<Long, Map<String, Object>> drawn;
    private transient Map<String, Object> origin;
    private transient Map<String, Object> times;
    private transient String start;
    private transient int parallelism;
    private transient int errorLines;
    private transient long lastRecord;
    private transient long lastNumber;
    private transient long largestGap;
    private transient long records;
    private transient long shown;

    Total(Control control, String folder, String name, boolean aligned) {
        this.control = control;
        this.folder = folder;
        this.name = name;
        this.aligned = aligned;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        board = new Board(folder);
        drawn = new TreeMap<>();
        state = context.getOperatorStateStore()
                .getListState(new ListStateDescriptor<>("ledger", Types.VALUE(SlowText.class)));
        List<String> found = new ArrayList<>();
        state.get().forEach(stored -> found.add(stored.text));
        long now = System.currentTimeMillis();
        String chance = UUID.randomUUID().toString().substring(0, 8);
        start = now + "-" + chance;
        ledger = found.isEmpty() ? new Ledger(chance) : Ledger.ofText(found.get(0));
        origin = origin(now, !found.isEmpty(), context.getRestoredCheckpointId().orElse(-1));
        times = new LinkedHashMap<>(origin);
        showTimes();
        show("start", new LinkedHashMap<>());
        if (context.isRestored()) {
            control.failWhile("fail-restore");
        }
        if (found.size() > 1) {
            report(ledger.note(found.size() + " ledgers were restored instead of one"));
        }
        report(ledger.audit(aligned));
    }

    private Map<String, Object> origin(long now, boolean restored, long checkpoint) {
        Map<String, Object> origin = new LinkedHashMap<>();
        origin.put("name", name);
        origin.put("start", start);
        origin.put("started_ms", now);
        origin.put("job_id", getRuntimeContext().getJobInfo().getJobId().toHexString());
        origin.put("attempt", getRuntimeContext().getTaskInfo().getAttemptNumber());
        origin.put("flink", EnvironmentInformation.getVersion());
        origin.put("restored", restored);
        origin.put("restored_value", restored ? ledger.value() : 0);
        origin.put("restored_checkpoint", checkpoint);
        origin.put("lineage", ledger.lineage);
        origin.put("aligned", aligned);
        return origin;
    }

    @Override
    public void processElement(Tuple3<Long, Long, Integer> record, Context context, Collector<Void> out) {
        long now = System.currentTimeMillis();
        largestGap = records == 0 ? 0 : Math.max(largestGap, now - lastRecord);
        if (records++ == 0) {
            times.put("first_record_ms", now);
            times.put("first_record", record.f0);
        }
        lastRecord = now;
        lastNumber = record.f0;
        parallelism = record.f2;
        report(ledger.count(record.f0, record.f1));
        if (records == 1 || now - shown >= REFRESH_MILLIS) {
            showTimes();
        }
    }

    private void showTimes() {
        shown = System.currentTimeMillis();
        times.put("last_record_ms", records == 0 ? null : lastRecord);
        times.put("last_record", lastNumber);
        times.put("records", records);
        times.put("largest_gap_ms", largestGap);
        times.put("parallelism", parallelism);
        board.start(start, times);
    }

    private void report(String error) {
        if (error != null && errorLines++ < ERROR_LINES) {
            show("error", Map.of("error", error));
        }
    }

    private Map<String, Object> show(String event, Map<String, Object> more) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("event", event);
        facts.put("wall_ms", System.currentTimeMillis());
        facts.putAll(more);
        facts.putAll(origin);
        facts.put("parallelism", parallelism);
        board.history(facts);
        return facts;
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        control.failWhile("fail-checkpoint");
        control.hold("block-checkpoint");
        report(ledger.audit(aligned));
        state.update(List.of(new SlowText(ledger.toText(), control)));
        Map<String, Object> figures = ledger.figures();
        figures.put("checkpoint", context.getCheckpointId());
        drawn.put(context.getCheckpointId(), figures);
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) {
        Map<String, Object> figures = drawn.remove(checkpoint);
        drawn.headMap(checkpoint).clear();
        if (figures != null) {
            board.value(show("checkpoint", figures));
        }
    }

    @Override
    public void notifyCheckpointAborted(long checkpoint) {
        drawn.remove(checkpoint);
    }

    @Override
    public void close() {
        if (times != null) {
            showTimes();
        }
    }
}
