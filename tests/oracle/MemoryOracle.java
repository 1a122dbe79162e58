// Copyright: (c) 2026, flinkops.flink contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

import java.io.BufferedReader;
import java.io.InputStreamReader;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessSpec;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.jobmanager.JobManagerProcessSpec;
import org.apache.flink.runtime.jobmanager.JobManagerProcessUtils;

/** Reads a role and its configuration per line; writes the sizes Flink derives, or `refused`. */
public class MemoryOracle {

    public static void main(String[] arguments) throws Exception {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            System.out.println(answer(line.split("\t")));
        }
    }

    private static String answer(String[] words) {
        Configuration given = new Configuration();
        for (int i = 1; i + 1 < words.length; i += 2) {
            given.setString(words[i], words[i + 1]);
        }
        try {
            return words[0].equals("jobmanager") ? jobManager(given) : taskManager(given);
        } catch (RuntimeException refused) {
            return "refused";
        }
    }

    private static String jobManager(Configuration given) {
        JobManagerProcessSpec found =
                JobManagerProcessUtils.processSpecFromConfigWithNewOptionToInterpretLegacyHeap(
                        given, JobManagerOptions.JVM_HEAP_MEMORY);
        return found.getJvmHeapMemorySize().getBytes()
                + " " + found.getJvmDirectMemorySize().getBytes()
                + " " + found.getJvmMetaspaceSize().getBytes()
                + " " + found.getJvmOverheadSize().getBytes();
    }

    private static String taskManager(Configuration given) {
        TaskExecutorProcessSpec found =
                TaskExecutorProcessUtils.processSpecFromConfig(
                        TaskExecutorProcessUtils
                                .getConfigurationMapLegacyTaskManagerHeapSizeToConfigOption(
                                        given, TaskManagerOptions.TOTAL_PROCESS_MEMORY));
        long taskHeap = found.getTaskHeapSize().getBytes();
        long taskOffHeap = found.getTaskOffHeapSize().getBytes();
        long network = found.getNetworkMemSize().getBytes();
        long direct = found.getJvmDirectMemorySize().getBytes();
        return (found.getJvmHeapMemorySize().getBytes() - taskHeap)
                + " " + (direct - taskOffHeap - network)
                + " " + taskHeap
                + " " + taskOffHeap
                + " " + network
                + " " + found.getManagedMemorySize().getBytes()
                + " " + found.getJvmMetaspaceSize().getBytes()
                + " " + found.getJvmOverheadSize().getBytes();
    }
}
