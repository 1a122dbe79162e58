package flinkops.testjob;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SteerableTest {
    @Test
    void argumentsComeInPairsOfKnownNames() {
        assertEquals(
                Map.of("rate", "5", "out", "/a"),
                Steerable.options(new String[] {"--rate", "5", "--out", "/a"}));
        for (String[] wrong : new String[][] {{"--speed", "5"}, {"--rate"}, {"rate", "5"}}) {
            assertThrows(IllegalArgumentException.class, () -> Steerable.options(wrong));
        }
    }

    @Test
    void numbersAreWholeAndPositive() {
        assertEquals(10, Steerable.positive(Map.of(), "rate", 10));
        for (String wrong : new String[] {"0", "-1", "ten", "1.5", ""}) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> Steerable.positive(Map.of("rate", wrong), "rate", 10));
        }
    }

    @Test
    void whatIsShownIsJsonAndOpenToEverybody(@TempDir Path folder) throws Exception {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("n", 1L);
        facts.put("is", true);
        facts.put("none", null);
        facts.put("text", "a \"b\"\n");
        Board board = new Board(folder.resolve("out").toString());
        board.value(facts);
        board.history(facts);
        board.history(facts);
        board.start("s", facts);
        String json = "{\"n\": 1, \"is\": true, \"none\": null, \"text\": \"a \\u0022b\\u0022\\u000a\"}\n";
        assertEquals(json, Files.readString(folder.resolve("out/value.json")));
        assertEquals(json + json, Files.readString(folder.resolve("out/history.jsonl")));
        for (String file : new String[] {"out/value.json", "out/history.jsonl", "out/starts/s.json"}) {
            assertEquals("rw-rw-rw-", rights(folder.resolve(file)));
        }
        assertEquals("rwxrwxrwx", rights(folder.resolve("out/starts")));
    }

    private static String rights(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
