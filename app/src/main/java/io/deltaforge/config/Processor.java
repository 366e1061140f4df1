package io.deltaforge.config;

/** The kind of components that change events on their way. There are none yet, so every entry is an unknown type. */
interface Processor {}
