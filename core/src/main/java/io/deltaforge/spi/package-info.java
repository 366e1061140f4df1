@NullMarked
package io.deltaforge.spi;

import org.jspecify.annotations.NullMarked;
