package dev.openppu.harness.bringup;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkProvider;
import dev.openppu.hal.LinkUri;
import dev.openppu.harness.sim.planted.CodeChange;
import dev.openppu.harness.sim.planted.PlantedBug.Place;
import dev.openppu.harness.sim.planted.Planting;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleReader;
import java.lang.module.ResolvedModule;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The model with a bug in one of its compiled classes: all of them are loaded once more, beside the sound ones. */
final class PlantedModel extends ClassLoader {
    private static final String MODEL = "dev.openppu.model";

    private final String changedName;
    private final byte[] changed;

    private PlantedModel(String className, byte[] changed) {
        super(PlantedModel.class.getClassLoader());
        this.changedName = className;
        this.changed = changed;
    }

    /**
     * Opens a link to it.
     *
     * @param place class below the model's package, and method: {@code firmware.Updater#data}
     */
    static DeviceLink open(String uri, String place, CodeChange change) throws ReflectiveOperationException, IOException {
        String[] classAndMethod = place.split("#", 2);
        String className = MODEL + "." + classAndMethod[0];
        Planting planting = new Planting(place, new Place(MODEL, className, classAndMethod[1]), List.of(change));
        ClassLoader loader = new PlantedModel(className, planting.changed());
        LinkProvider provider = (LinkProvider) loader.loadClass(MODEL + ".link.ModelLinkProvider").getConstructor().newInstance();
        return provider.open(LinkUri.parse(uri));
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(MODEL + ".")) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? findClass(name) : loaded;
        }
    }

    @Override
    public @Nullable InputStream getResourceAsStream(String name) {
        return name.startsWith(MODEL.replace('.', '/')) ? ofModel(name) : super.getResourceAsStream(name);
    }

    /** A file of the sound model, from its module if it is one: what a module keeps to itself it shows to its own loader only. */
    private static @Nullable InputStream ofModel(String name) {
        Optional<ResolvedModule> module = ModuleLayer.boot().configuration().findModule(MODEL);
        if (module.isEmpty()) {
            return PlantedModel.class.getClassLoader().getResourceAsStream(name);
        }
        try (ModuleReader reader = module.get().reference().open(); InputStream in = reader.open(name).orElse(null)) {
            return in == null ? null : new ByteArrayInputStream(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name, e);
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] code = name.equals(changedName) ? changed : sound(name);
        return defineClass(name, code, 0, code.length);
    }

    private static byte[] sound(String name) throws ClassNotFoundException {
        try (InputStream in = ofModel(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }
}
