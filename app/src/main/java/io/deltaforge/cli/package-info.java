/** The command line: one class a command, and what {@code run} needs around the engine. */
@NullMarked
package io.deltaforge.cli;

import org.jspecify.annotations.NullMarked;
