#include <stdio.h>
#include <yaml.h>
