package dev.openppu.cli.run;

import dev.openppu.cli.BadInputException;
import dev.openppu.cli.file.AtomicFile;
import dev.openppu.cli.image.PictureFile;
import dev.openppu.cli.run.KernelJob.Memory;
import dev.openppu.cli.run.Request.NamedFile;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The files that a run writes: opened before the kernel runs, so that a wrong name costs no time, and appearing only when all are complete. */
final class Outputs implements AutoCloseable {
    private final List<Output> outputs = new ArrayList<>();

    /**
     * One file to write.
     *
     * @param format of a picture
     */
    record Output(Memory memory, Path target, AtomicFile file, Optional<String> format) {}

    /** @throws BadInputException if a name is unknown or a file cannot be written */
    static Outputs of(KernelJob job, Request request) {
        Outputs outputs = new Outputs();
        try {
            List<NamedFile> files = NamedFile.taking(request.outputs());
            List<Memory> written = job.memories().stream().filter(Memory::written).toList();
            for (Memory memory : written) {
                NamedFile.take(files, memory.name(), written.size() == 1).ifPresent(target -> outputs.add(memory, target));
            }
            NamedFile.requireNone(files, "--out", written.stream().map(Memory::name).toList());
            return outputs;
        } catch (RuntimeException e) {
            outputs.close();
            throw e;
        }
    }

    private void add(Memory memory, Path target) {
        Optional<String> format = memory.picture() ? Optional.of(PictureFile.formatOf(target)) : Optional.empty();
        outputs.add(new Output(memory, target, AtomicFile.create(target), format));
    }

    /** Writes all of them; none appears if one fails. */
    void write() throws IOException {
        for (Output output : outputs) {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(output.file.path()))) {
                if (output.format.isPresent()) {
                    ArrayFiles.writePicture(output.memory.array(), output.format.get(), out);
                } else {
                    ArrayFiles.writeArray(output.memory.array(), output.target, out);
                }
            }
        }
        for (Output output : outputs) {
            output.file.commit();
        }
    }

    /** Where this memory's content goes. */
    Optional<Path> target(Memory memory) {
        return outputs.stream().filter(output -> output.memory.equals(memory)).map(Output::target).findFirst();
    }

    @Override
    public void close() {
        outputs.forEach(output -> output.file.close());
    }
}
