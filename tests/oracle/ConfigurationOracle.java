// Copyright: (c) 2026, flinkops.flink contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;

/** Loads a folder's configuration file as a cluster does; writes each key and value in Base64. */
public class ConfigurationOracle {

    private static final String ARGUMENTS = "$internal.application.program-args";

    public static void main(String[] folders) {
        Configuration loaded = GlobalConfiguration.loadConfiguration(folders[0]);
        for (String key : loaded.keySet()) {
            if (!key.equals(ARGUMENTS)) {
                String value = loaded.get(ConfigOptions.key(key).stringType().noDefaultValue());
                System.out.println("key " + coded(key) + " " + coded(value));
            }
        }
        List<String> arguments =
                loaded.get(ConfigOptions.key(ARGUMENTS).stringType().asList().defaultValues());
        for (String argument : arguments) {
            System.out.println("argument " + coded(argument));
        }
    }

    private static String coded(String text) {
        return "=" + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
