/// g · f′, element by element, for a function f of one element.
///
/// Inputs: g; x or the result, whichever f′ is computed from; the further inputs of f.
package protocol ElementwiseGradient: InternalOperator {
  /// f for these inputs, if kernels have it and compute its derivative from the same value as input 1;
  /// otherwise nil.
  func differentiated(_ inputs: [Fact?]) -> ElementFunction?
}
