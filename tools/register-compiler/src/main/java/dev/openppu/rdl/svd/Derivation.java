package dev.openppu.rdl.svd;

import dev.openppu.rdl.source.Diagnostics;
import dev.openppu.rdl.source.Warning;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Completes elements by those that they are derived from. */
final class Derivation {

    private static final Set<String> DERIVABLE = Set.of("peripheral", "cluster", "register", "field", "enumeratedValues");
    private static final Set<String> NOT_INHERITED = Set.of("dim", "dimIncrement", "dimIndex", "dimName", "dimArrayIndex");
    /** Elements whose contents add to those of the base, and replace those of the same name. */
    private static final Set<String> COLLECTIONS = Set.of("registers", "fields");
    private static final Set<String> MEMBERS = Set.of("register", "cluster", "field");

    private final Diagnostics diagnostics;
    private final Map<String, List<SvdElement>> byName = new HashMap<>();
    private final Map<SvdElement, SvdElement> complete = new IdentityHashMap<>();
    private final Set<SvdElement> underWay = Collections.newSetFromMap(new IdentityHashMap<>());

    Derivation(SvdElement root, Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
        index(root);
    }

    private void index(SvdElement element) {
        String name = element.text("name");
        if (name != null && DERIVABLE.contains(element.tag())) {
            Set<String> names = new HashSet<>(List.of(name, name.replace("[%s]", ""), name.replace("%s", "")));
            Repetition.indices(element).stream().limit(256).forEach(index -> names.add(name.replace("[%s]", "%s").replace("%s", index)));
            names.forEach(each -> byName.computeIfAbsent(element.tag() + " " + each, key -> new ArrayList<>()).add(element));
        }
        element.children().forEach(this::index);
    }

    /** {@code element} with what it inherits. */
    SvdElement complete(SvdElement element) {
        if (element.derivedFrom() == null) {
            return element;
        }
        SvdElement known = complete.get(element);
        if (known != null) {
            return known;
        }
        SvdElement completed = element;
        if (underWay.add(element)) {
            SvdElement base = find(element, element.derivedFrom());
            if (base == null) {
                reportMissing(element);
            } else {
                completed = merge(element, complete(base));
            }
            underWay.remove(element);
        } else {
            diagnostics.error(element.span(), "this " + element.tag() + " is derived from itself");
        }
        complete.put(element, completed);
        return completed;
    }

    /** An enumeration only gives names: a field is of use without. Everything else would have no contents. */
    private void reportMissing(SvdElement element) {
        String message = "there is no " + element.tag() + " '" + element.derivedFrom() + "' to derive this from";
        if (element.tag().equals("enumeratedValues")) {
            diagnostics.warning(Warning.NOT_STANDARD, element.span(), message);
        } else {
            diagnostics.error(element.span(), message);
        }
    }

    private static SvdElement merge(SvdElement own, SvdElement base) {
        SvdElement merged = new SvdElement(own.tag(), own.parent(), own.derivedFrom(), own.span());
        for (SvdElement inherited : base.children()) {
            SvdElement replacement = MEMBERS.contains(inherited.tag()) ? member(own, inherited) : own.child(inherited.tag());
            if (replacement == null && !NOT_INHERITED.contains(inherited.tag())) {
                merged.children().add(inherited);
            } else if (replacement != null && COLLECTIONS.contains(inherited.tag())) {
                merged.children().add(merge(replacement, inherited));
            }
        }
        own.children().stream().filter(child -> !COLLECTIONS.contains(child.tag()) || base.child(child.tag()) == null)
                .forEach(merged.children()::add);
        return merged;
    }

    private static @Nullable SvdElement member(SvdElement in, SvdElement like) {
        String name = like.text("name");
        return in.all(like.tag()).filter(child -> name != null && name.equals(child.text("name"))).findFirst().orElse(null);
    }

    // ---- finding

    /** The nearest element that {@code path} ({@code NAME} or {@code PERIPHERAL.CLUSTER.NAME}) can mean. */
    private @Nullable SvdElement find(SvdElement from, String path) {
        String[] names = path.strip().split("\\.", -1);
        SvdElement best = null;
        int nearest = -1;
        for (SvdElement candidate : byName.getOrDefault(from.tag() + " " + names[names.length - 1], List.of())) {
            if (candidate != from && !contains(candidate, from) && isCalled(candidate, names)) {
                int shared = sharedLevels(candidate, from);
                if (shared > nearest) {
                    best = candidate;
                    nearest = shared;
                }
            }
        }
        return best;
    }

    private static boolean contains(SvdElement outer, SvdElement inner) {
        for (SvdElement at = inner.parent(); at != null; at = at.parent()) {
            if (at == outer) {
                return true;
            }
        }
        return false;
    }

    private boolean isCalled(SvdElement candidate, String[] names) {
        SvdElement at = candidate.parent();
        for (int i = names.length - 2; i >= 0; i--) {
            while (at != null && !DERIVABLE.contains(at.tag())) {
                at = at.parent();
            }
            if (at == null || !byName.getOrDefault(at.tag() + " " + names[i], List.of()).contains(at)) {
                return false;
            }
            at = at.parent();
        }
        return true;
    }

    private static int sharedLevels(SvdElement a, SvdElement b) {
        List<SvdElement> pathOfA = path(a);
        List<SvdElement> pathOfB = path(b);
        int shared = 0;
        while (shared < Math.min(pathOfA.size(), pathOfB.size()) && pathOfA.get(shared) == pathOfB.get(shared)) {
            shared++;
        }
        return shared;
    }

    private static List<SvdElement> path(SvdElement element) {
        List<SvdElement> path = new ArrayList<>();
        for (SvdElement at = element; at != null; at = at.parent()) {
            path.addFirst(at);
        }
        return path;
    }
}
