package flinkops.testjob;

import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * The operator that is rescaled: counts each sequence in keyed state and sends on the number, that
 * count and its own parallelism. Wrong keyed state (lost, doubled) shows in the count downstream.
 */
final class Work extends KeyedProcessFunction<Integer, Long, Tuple3<Long, Long, Integer>> {
    private final Control control;
    private transient ValueState<Long> counted;
    private transient int parallelism;
    private transient long look;
    private transient long microsPerRecord;

    Work(Control control) {
        this.control = control;
    }

    @Override
    public void open(OpenContext context) {
        control.hold("slow-task-start");
        counted = getRuntimeContext().getState(new ValueStateDescriptor<>("counted", Types.LONG));
        parallelism = getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks();
        look = System.nanoTime();
    }

    @Override
    public void processElement(
            Long number, Context context, Collector<Tuple3<Long, Long, Integer>> out)
            throws Exception {
        if (System.nanoTime() - look >= 0) {
            look = System.nanoTime() + Control.LOOK_NANOS;
            microsPerRecord = control.number("slow-records", 0);
        }
        if (microsPerRecord > 0) {
            LockSupport.parkNanos(microsPerRecord * 1_000);
        }
        Long before = counted.value();
        long count = before == null ? 1 : before + 1;
        counted.update(count);
        out.collect(Tuple3.of(number, count, parallelism));
    }
}
