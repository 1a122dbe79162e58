package flinkops.testjob;

import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.CopyableValue;

/**
 * Text, written late when told so. Operator state is written in a checkpoint's asynchronous part,
 * so the job goes on meanwhile, as it does with a slow or a hanging storage.
 */
public final class SlowText implements CopyableValue<SlowText> {
    String text = "";
    private Control control = new Control(null);

    /** Flink's, before it reads one. */
    public SlowText() {}

    SlowText(String text, Control control) {
        this.text = text;
        this.control = control;
    }

    @Override
    public void write(DataOutputView out) throws IOException {
        control.hold("slow-checkpoint");
        out.writeUTF(text);
    }

    @Override
    public void read(DataInputView in) throws IOException {
        text = in.readUTF();
    }

    @Override
    public void copyTo(SlowText target) {
        target.text = text;
        target.control = control;
    }

    @Override
    public SlowText copy() {
        return new SlowText(text, control);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        target.writeUTF(source.readUTF());
    }

    @Override
    public int getBinaryLength() {
        return -1;
    }
}
