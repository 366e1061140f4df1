@NullMarked
package io.deltaforge.reliability;

import org.jspecify.annotations.NullMarked;
