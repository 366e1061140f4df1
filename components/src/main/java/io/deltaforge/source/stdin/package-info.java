/** Lines of the program's standard input. */
@NullMarked
package io.deltaforge.source.stdin;

import org.jspecify.annotations.NullMarked;
