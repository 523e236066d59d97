import org.jspecify.annotations.NullMarked;

/** SystemRDL front-end, elaborated model, emitters, and the live behaviour of an elaborated map. */
@NullMarked
module dev.openppu.rdl {
    requires static org.jspecify;
    requires org.antlr.antlr4.runtime;
    requires java.xml;
    requires tools.jackson.core;

    exports dev.openppu.rdl;
    exports dev.openppu.rdl.compare;
    exports dev.openppu.rdl.emit.c;
    exports dev.openppu.rdl.emit.html;
    exports dev.openppu.rdl.emit.java;
    exports dev.openppu.rdl.emit.json;
    exports dev.openppu.rdl.emit.rdl;
    exports dev.openppu.rdl.emit.svd;
    exports dev.openppu.rdl.emit.text;
    exports dev.openppu.rdl.live;
    exports dev.openppu.rdl.live.script;
    exports dev.openppu.rdl.model;
    exports dev.openppu.rdl.path;
    exports dev.openppu.rdl.source;
    exports dev.openppu.rdl.svd;
}
