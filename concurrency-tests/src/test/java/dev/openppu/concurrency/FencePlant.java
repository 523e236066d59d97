package dev.openppu.concurrency;

import dev.openppu.harness.sim.planted.CodeChange;
import dev.openppu.harness.sim.planted.PlantedBug.Place;
import dev.openppu.harness.sim.planted.Planting;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.AccessFlags;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.FieldModel;
import java.lang.classfile.FieldTransform;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A fence, an atomic step or an order of stores that a real class goes without, and the test that then has to fail.
 *
 * @param name by which it is asked for
 * @param standsFor what a programmer would have done wrong
 * @param test name of the class of the test, its nested class behind a dot
 * @param shows where it can be seen
 * @param change writes the changed class below a folder
 */
record FencePlant(String name, String standsFor, String test, Shows shows, Change change) {

    /** Where a planted bug can be seen. */
    enum Shows {
        /** On every machine: two steps instead of one, an order of the program's own, what a compiler does, or a store that a later load overtakes. */
        EVERYWHERE,
        /** Not on x86-64, whose stores are seen in their order and whose atomic steps are full fences, and where the compiler leaves off-heap accesses in their order as well. */
        WEAK_ORDER_ONLY
    }

    /** What is done to a class. */
    @FunctionalInterface
    interface Change {
        void write(Path folder) throws IOException;
    }

    static FencePlant of(String name, String standsFor, String test, Shows shows, String className, String method, CodeChange... changes) {
        return new FencePlant(name, standsFor, test, shows,
                folder -> new Planting(name, new Place("", className, method), List.of(changes)).write(folder));
    }

    /** A field that is volatile no more. */
    static FencePlant plainField(String name, String standsFor, String test, Shows shows, String className, String field) {
        return new FencePlant(name, standsFor, test, shows, folder -> writePlain(folder, className, field));
    }

    private static void writePlain(Path folder, String className, String field) throws IOException {
        String resource = className.replace('.', '/') + ".class";
        byte[] original;
        try (InputStream in = FencePlant.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("there is no class " + className);
            }
            original = in.readAllBytes();
        }
        boolean[] met = new boolean[1];
        FieldTransform plain = (builder, element) -> {
            if (element instanceof AccessFlags flags) {
                met[0] = flags.has(AccessFlag.VOLATILE);
                builder.withFlags(flags.flagsMask() & ~ClassFile.ACC_VOLATILE);
            } else {
                builder.with(element);
            }
        };
        ClassTransform change = (builder, element) -> {
            if (element instanceof FieldModel model && model.fieldName().equalsString(field)) {
                builder.transformField(model, plain);
            } else {
                builder.with(element);
            }
        };
        ClassFile format = ClassFile.of();
        byte[] changed = format.transformClass(format.parse(original), change);
        if (!met[0]) {
            throw new IllegalStateException(className + " has no volatile field " + field);
        }
        Path file = folder.resolve(resource);
        Files.createDirectories(file.getParent());
        Files.write(file, changed);
    }

    @Override
    public String toString() {
        return name;
    }
}
