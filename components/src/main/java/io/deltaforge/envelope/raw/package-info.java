@NullMarked
package io.deltaforge.envelope.raw;

import org.jspecify.annotations.NullMarked;
