/** What a log entry's message says: its fields and its level, found without parsing what nobody asks for. */
@NullMarked
package io.deltaforge.spi.log;

import org.jspecify.annotations.NullMarked;
