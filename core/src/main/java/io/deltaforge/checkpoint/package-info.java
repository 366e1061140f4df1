@NullMarked
package io.deltaforge.checkpoint;

import org.jspecify.annotations.NullMarked;
