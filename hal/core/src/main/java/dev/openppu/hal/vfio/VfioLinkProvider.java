package dev.openppu.hal.vfio;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.LinkIdentity;
import dev.openppu.hal.LinkInfo;
import dev.openppu.hal.LinkProvider;
import dev.openppu.hal.LinkUri;
import dev.openppu.hal.posix.PosixException;
import dev.openppu.hal.posix.vfio.IommuFile;
import dev.openppu.hal.posix.vfio.VfioDevice;
import dev.openppu.hal.posix.vfio.VfioGroup;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Opens {@code vfio:BDF}: a function that the kernel's vfio-pci has, and none that another driver has. */
public final class VfioLinkProvider implements LinkProvider {
    private static final String TIMESCALE = "timescale";
    private static final String IOMMU = "iommu";
    private static final String SHORT_DOMAIN = "0000:";
    /** Class and subclass of what software like ours drives: 3D controllers, processing accelerators. */
    private static final Set<Integer> ACCELERATORS = Set.of(0x0302, 0x1200);

    private final Path sysfs;
    private final Path dev;

    public VfioLinkProvider() {
        this(Path.of("/sys"), Path.of("/dev"));
    }

    /** For machines that are not there. */
    VfioLinkProvider(Path sysfs, Path dev) {
        this.sysfs = sysfs;
        this.dev = dev;
    }

    @Override
    public String scheme() {
        return "vfio";
    }

    @Override
    public String usage() {
        return "vfio:DDDD:BB:DD.F[?iommu=group|iommufd&timescale=X]";
    }

    /** What vfio-pci has, and accelerators that it could have; other devices are nobody's business. */
    @Override
    public List<LinkInfo> list() {
        Obstacles obstacles = new Obstacles(dev);
        return PciFunction.all(sysfs).stream().filter(VfioLinkProvider::shown).map(function -> describe(function, obstacles)).toList();
    }

    private static boolean shown(PciFunction function) {
        return ACCELERATORS.contains(function.classCode() >>> 8) || function.driver().filter(Obstacles.DRIVER::equals).isPresent();
    }

    private static LinkInfo describe(PciFunction function, Obstacles obstacles) {
        Optional<String> obstacle = obstacles.of(function);
        return new LinkInfo("vfio:" + function.address(), function.address(),
                "PCI function %s, class %06x".formatted(function.ids(), function.classCode()), obstacle.isEmpty(), obstacle.orElse(""));
    }

    @Override
    public DeviceLink open(LinkUri uri) {
        uri.demandOptions(Set.of(TIMESCALE, IOMMU));
        boolean byFile = byFile(uri);
        double timescale = uri.factor(TIMESCALE);
        PciFunction function = function(uri);
        Obstacles obstacles = new Obstacles(dev);
        obstacles.of(function).ifPresent(why -> {
            throw new LinkException("link '%s' cannot be opened: %s".formatted(uri, why));
        });
        LinkIdentity identity = new LinkIdentity(uri.toString(), function.address(),
                "PCI function %s through the kernel's VFIO".formatted(function.ids()), false);
        try {
            return byFile ? openByFile(uri, function, identity, timescale) : openByGroup(function, identity, timescale);
        } catch (PosixException e) {
            throw new LinkException("link '%s' cannot be opened: %s%s".formatted(uri, e.getMessage(), remedy(e, function)), e);
        }
    }

    private PciFunction function(LinkUri uri) {
        String address = uri.target().length() == "00:00.0".length() ? SHORT_DOMAIN + uri.target() : uri.target();
        if (!PciFunction.isAddress(address)) {
            throw new LinkException(
                    "link '%s' names no PCI function: write vfio:DDDD:BB:DD.F, for example vfio:0000:01:00.0".formatted(uri));
        }
        return new PciFunction(sysfs, address);
    }

    /** Refused before anything else: an option is wrong whatever the function. */
    private static boolean byFile(LinkUri uri) {
        String way = uri.option(IOMMU).orElse("group");
        return switch (way) {
            case "group" -> false;
            case "iommufd" -> true;
            default -> throw new LinkException("link '%s': iommu=%s is neither group nor iommufd".formatted(uri, way));
        };
    }

    private DeviceLink openByGroup(PciFunction function, LinkIdentity identity, double timescale) {
        VfioGroup group = new VfioGroup(dev.resolve("vfio").toString(), function.group().orElseThrow());
        VfioDevice device;
        try {
            device = group.device(function.address());
        } catch (RuntimeException e) {
            group.close();
            throw e;
        }
        return new VfioLink(identity, timescale, group, device);
    }

    private DeviceLink openByFile(LinkUri uri, PciFunction function, LinkIdentity identity, double timescale) {
        String name = function.deviceFile().orElseThrow(() -> new LinkException(
                "link '%s': this kernel has no device files of VFIO (CONFIG_VFIO_DEVICE_CDEV); leave iommu=iommufd away".formatted(uri)));
        IommuFile space = new IommuFile(dev.resolve("iommu").toString());
        VfioDevice device;
        try {
            device = space.device(dev.resolve("vfio/devices").resolve(name).toString());
        } catch (RuntimeException e) {
            space.close();
            throw e;
        }
        return new VfioLink(identity, timescale, space, device);
    }

    private static String remedy(PosixException e, PciFunction function) {
        String file = "/dev/vfio/" + function.group().orElseThrow();
        return switch (e.errno()) {
            case 1, 13 -> "; run as the owner of %s, or give it to yourself: sudo chown %s %1$s".formatted(file,
                    System.getProperty("user.name"));
            case 16 -> "; another process has the group: see sudo fuser -v %s".formatted(file);
            default -> "; see dmesg";
        };
    }
}
