// Everything that exists once per instruction set.
#include "vector.h"
#include "functions.h"
#include "unary.h"
#include "binary.h"
#include "rows.h"
#include "tile.h"
#include "depthwise.h"
#include "table.h"
