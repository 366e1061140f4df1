/** Files whose bytes survive a power cut when they should. */
@NullMarked
package io.deltaforge.spi.storage;

import org.jspecify.annotations.NullMarked;
