// Copyright: (c) 2026, flinkops.flink contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.TimeZone;
import org.quartz.CronExpression;

/** Reads lines "milliseconds TAB expression"; writes the next five times, "never" or "refused". */
public class CronOracle {

    private static final int TIMES = 5;

    public static void main(String[] none) throws Exception {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] parts = line.split("\t", 2);
            System.out.println(answer(Long.parseLong(parts[0]), parts[1]));
        }
    }

    private static String answer(long moment, String text) {
        CronExpression expression;
        try {
            expression = new CronExpression(text);
        } catch (Exception refused) {
            return "refused";
        }
        expression.setTimeZone(TimeZone.getTimeZone("UTC"));
        StringBuilder told = new StringBuilder();
        Date at = new Date(moment);
        for (int time = 0; time < TIMES; time++) {
            try {
                at = expression.getNextValidTimeAfter(at);
            } catch (Exception broken) {
                return told + "broken";
            }
            if (at == null) {
                return told + "never";
            }
            told.append(at.getTime() / 1000).append(' ');
        }
        return told.toString().trim();
    }
}
