package dev.openppu.harness.sim.planted;

import dev.openppu.harness.sim.planted.PlantedBug.Place;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Puts a bug into the compiled class that it is for. The class that runs here stays as it is: a JVM started with what {@link #write} writes has the bug. */
public final class Planting {
    private final String name;
    private final Place place;
    private final List<CodeChange> changes;

    public Planting(PlantedBug bug) {
        this(bug.name(), bug.place(), List.of(bug.change()));
    }

    /** @param changes of the method's code, one after the other */
    public Planting(String name, Place place, List<CodeChange> changes) {
        this.name = name;
        this.place = place;
        this.changes = List.copyOf(changes);
    }

    /**
     * Writes the changed class below a folder, which is to patch the module of the bug, or to come before it on the class path.
     *
     * @throws IllegalStateException if the code is not as the bug has it: there is no such method, or not exactly as many such instructions
     */
    public void write(Path folder) throws IOException {
        Path file = folder.resolve(resource());
        Files.createDirectories(file.getParent());
        Files.write(file, changed());
    }

    /**
     * The changed class.
     *
     * @throws IllegalStateException as {@link #write} does
     */
    public byte[] changed() throws IOException {
        ClassFile format = ClassFile.of(ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(Planting.class.getClassLoader())
                        .orElse(ClassHierarchyResolver.defaultResolver())));
        ClassModel original = format.parse(original());
        List<MethodModel> methods = original.methods().stream().filter(this::isMeant).toList();
        if (methods.size() != 1) {
            throw new IllegalStateException("%s: %d methods are %s".formatted(name, methods.size(), place));
        }
        byte[] changed = null;
        for (CodeChange change : changes) {
            changed = edited(format, changed == null ? original : format.parse(changed), change);
        }
        if (changed == null) {
            throw new IllegalStateException(name + ": there is nothing to change");
        }
        List<VerifyError> errors = format.verify(changed);
        if (!errors.isEmpty()) {
            throw new IllegalStateException(name + ": the changed class is not well-formed", errors.getFirst());
        }
        return changed;
    }

    private byte[] edited(ClassFile format, ClassModel model, CodeChange change) {
        int[] met = new int[1];
        CodeTransform edit = (code, element) -> {
            if (change.spot().test(element) && ++met[0] == change.which()) {
                change.edit().accept(code, element);
            } else {
                code.with(element);
            }
        };
        byte[] changed = format.transformClass(model, ClassTransform.transformingMethodBodies(this::isMeant, edit));
        if (met[0] != change.among()) {
            throw new IllegalStateException("%s: %s has %d instructions where '%s' could be, not %d".formatted(name, place, met[0],
                    change.text(), change.among()));
        }
        return changed;
    }

    private boolean isMeant(MethodModel method) {
        String name = method.methodName().stringValue();
        String wanted = place.method();
        return wanted.equals(name) || wanted.equals(name + method.methodType().stringValue());
    }

    private byte[] original() throws IOException {
        Module module = ModuleLayer.boot().findModule(place.module()).orElse(Planting.class.getClassLoader().getUnnamedModule());
        try (InputStream in = module.getResourceAsStream(resource())) {
            if (in == null) {
                throw new IllegalStateException("%s: there is no class %s in %s".formatted(name, place.className(), module));
            }
            return in.readAllBytes();
        }
    }

    private String resource() {
        return place.className().replace('.', '/') + ".class";
    }
}
