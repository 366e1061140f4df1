@NullMarked
package io.deltaforge.floorplan;

import org.jspecify.annotations.NullMarked;
