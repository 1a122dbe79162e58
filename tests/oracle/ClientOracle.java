// Copyright: (c) 2026, flinkops.flink contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.kubernetes.KubernetesClusterClientFactory;
import org.apache.flink.kubernetes.kubeclient.FlinkPod;
import org.apache.flink.kubernetes.kubeclient.KubernetesJobManagerSpecification;
import org.apache.flink.kubernetes.kubeclient.factory.KubernetesJobManagerFactory;
import org.apache.flink.kubernetes.kubeclient.parameters.KubernetesJobManagerParameters;
import org.apache.flink.kubernetes.shaded.io.fabric8.kubernetes.api.model.Container;
import org.apache.flink.kubernetes.shaded.io.fabric8.kubernetes.api.model.ContainerBuilder;
import org.apache.flink.kubernetes.shaded.io.fabric8.kubernetes.api.model.HasMetadata;
import org.apache.flink.kubernetes.shaded.io.fabric8.kubernetes.api.model.Pod;
import org.apache.flink.kubernetes.shaded.io.fabric8.kubernetes.api.model.PodSpecBuilder;
import org.apache.flink.kubernetes.shaded.io.fabric8.kubernetes.client.utils.Serialization;

/** Per folder: reads `conf` (key, tab, value) and `template.yaml`, writes what Flink makes of them. */
public class ClientOracle {

    public static void main(String[] folders) throws Exception {
        for (String folder : folders) {
            answer(Path.of(folder));
        }
    }

    private static void answer(Path folder) throws Exception {
        Configuration given = new Configuration();
        for (String line : Files.readAllLines(folder.resolve("conf"))) {
            String[] pair = line.split("\t", -1);
            given.setString(pair[0], pair[1]);
        }
        FlinkPod template =
                Files.exists(folder.resolve("template.yaml"))
                        ? template(Files.readString(folder.resolve("template.yaml")))
                        : new FlinkPod.Builder().build();
        KubernetesJobManagerSpecification made =
                KubernetesJobManagerFactory.buildKubernetesJobManagerSpecification(
                        template,
                        new KubernetesJobManagerParameters(
                                given,
                                new KubernetesClusterClientFactory()
                                        .getClusterSpecification(given)));
        StringBuilder objects = new StringBuilder(Serialization.asYaml(made.getDeployment()));
        for (HasMetadata object : made.getAccompanyingResources()) {
            objects.append(Serialization.asYaml(object));
        }
        Files.writeString(folder.resolve("made.yaml"), objects.toString());
    }

    private static FlinkPod template(String text) {
        Pod pod = Serialization.unmarshal(text, Pod.class);
        Container main = new ContainerBuilder().build();
        List<Container> others = new ArrayList<>();
        if (pod.getSpec() == null) {
            pod.setSpec(new PodSpecBuilder().build());
        }
        for (Container container : pod.getSpec().getContainers()) {
            if (container.getName().equals("flink-main-container")) {
                main = container;
            } else {
                others.add(container);
            }
        }
        pod.getSpec().setContainers(others);
        return new FlinkPod(pod, main);
    }
}
