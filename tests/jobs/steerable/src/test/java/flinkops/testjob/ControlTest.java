package flinkops.testjob;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlTest {
    @TempDir Path folder;
    private Control control;

    @BeforeEach
    void steerIt() {
        control = new Control(folder.toString());
    }

    private void set(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
    }

    private String failure(Runnable act) {
        return assertThrows(Control.Steered.class, act::run).getMessage();
    }

    @Test
    void aFaultForOnceTakesItsFileAway() throws IOException {
        set("fail-task", "on purpose\n");
        assertEquals("steered by fail-task: on purpose", failure(() -> control.failOnce("fail-task")));
        control.failOnce("fail-task");
    }

    @Test
    void aNumberSaysHowOften() throws IOException {
        for (String fault : new String[] {"fail-task", "fail-restore"}) {
            set(fault, "2 bad day");
            for (int time = 0; time < 2; time++) {
                Runnable act = () -> act(fault);
                assertEquals("steered by " + fault + ": bad day", failure(act));
            }
            act(fault);
            assertFalse(control.has(fault));
        }
    }

    private void act(String fault) {
        if (fault.equals("fail-task")) {
            control.failOnce(fault);
        } else {
            control.failWhile(fault);
        }
    }

    @Test
    void aFaultWithoutANumberStaysAsLongAsItsFile() throws IOException {
        set("fail-start", "");
        failure(() -> control.failWhile("fail-start"));
        assertEquals("steered by fail-start", failure(() -> control.failWhile("fail-start")));
        Files.delete(folder.resolve("fail-start"));
        control.failWhile("fail-start");
    }

    @Test
    void aHoldEndsByItsTimeOrWithItsFile() throws Exception {
        set("slow-start", "30");
        control.hold("slow-start");
        set("slow-start", "until-removed");
        Thread holding = new Thread(() -> control.hold("slow-start"));
        holding.start();
        Files.delete(folder.resolve("slow-start"));
        holding.join(10_000);
        assertFalse(holding.isAlive());
    }

    @Test
    void withoutAFolderNothingIsSteered() {
        Control none = new Control(null);
        none.failOnce("fail-task");
        none.hold("slow-start");
        assertNull(none.take("exit-jvm"));
        assertEquals(7, none.number("rate", 7));
    }
}
