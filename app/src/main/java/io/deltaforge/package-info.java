@NullMarked
package io.deltaforge;

import org.jspecify.annotations.NullMarked;
