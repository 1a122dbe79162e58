package flinkops.testjob;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.CheckpointConfig;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The job: numbers, counted by work of any parallelism, kept in one total. */
public final class Steerable {
    private static final Set<String> OPTIONS =
            Set.of("out", "control", "rate", "parallelism-of-work", "max", "name");

    private Steerable() {}

    public static void main(String[] args) throws Exception {
        Map<String, String> options = options(args);
        String name = options.getOrDefault("name", "steerable");
        Control control = new Control(options.get("control"));
        control.failWhile("fail-start");
        control.hold("slow-start");

        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        Numbers numbers =
                new Numbers(control, positive(options, "rate", 10), positive(options, "max", Long.MAX_VALUE));
        SingleOutputStreamOperator<Tuple3<Long, Long, Integer>> work = env
                .fromSource(numbers, WatermarkStrategy.noWatermarks(), "numbers", Types.LONG)
                .uid("numbers")
                .forceNonParallel()
                .keyBy(Ledger::sequenceOf, Types.INT)
                .process(new Work(control), Types.TUPLE(Types.LONG, Types.LONG, Types.INT))
                .uid("work")
                .name("work");
        if (options.containsKey("parallelism-of-work")) {
            work.setParallelism((int) positive(options, "parallelism-of-work", 1));
        }
        // Never chained, so that the job has the same three vertices at every parallelism.
        work.process(new Total(control, options.get("out"), name, aligned(env)), Types.VOID)
                .uid("total")
                .name("total")
                .forceNonParallel()
                .disableChaining();
        env.execute(name);
    }

    private static boolean aligned(StreamExecutionEnvironment env) {
        CheckpointConfig config = env.getCheckpointConfig();
        return !config.isUnalignedCheckpointsEnabled();
    }

    static Map<String, String> options(String[] args) {
        Map<String, String> options = new TreeMap<>();
        for (int i = 0; i < args.length; i += 2) {
            String option = args[i].startsWith("--") ? args[i].substring(2) : "";
            if (!OPTIONS.contains(option) || i + 1 == args.length) {
                throw new IllegalArgumentException("argument " + args[i] + ": known are --"
                        + String.join(" --", new java.util.TreeSet<>(OPTIONS)) + ", each with a value");
            }
            options.put(option, args[i + 1]);
        }
        return options;
    }

    static long positive(Map<String, String> options, String option, long otherwise) {
        String text = options.getOrDefault(option, Long.toString(otherwise));
        if (!text.matches("[1-9][0-9]{0,18}")) {
            throw new IllegalArgumentException("--" + option + " " + text + ": a whole number from 1 is wanted");
        }
        return Long.parseLong(text);
    }
}
