/// g · f′ of each element, for a function f of one element.
///
/// Inputs: g; the values that f′ follows from, x or the result; what else f reads.
package protocol ElementwiseGradient: InternalOperator {
  /// f for these inputs, where kernels know it and derive it from what input 1 is; nil otherwise.
  func differentiated(_ inputs: [Fact?]) -> ElementFunction?
}
