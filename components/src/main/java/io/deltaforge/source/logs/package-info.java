/** Follows log files: which there are, how far each was read, and what is a line of them. */
@NullMarked
package io.deltaforge.source.logs;

import org.jspecify.annotations.NullMarked;
