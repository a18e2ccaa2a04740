import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// Gradients of normalizations and of dropout.
@Suite struct NormalizationGradientTests {
  private static let x = pattern([3, 2, 2, 3])
  private static let scale = pattern([2], seed: 1)
  private static let bias = pattern([2], seed: 2)
  private static let mean = pattern([2], seed: 3)
  private static let variance = positivePattern([2], seed: 4)
  private static let keys = Tensor([5, 1, 40, 5, 1, 7, 5, 1, 8] as [Int64], shape: [3, 3])

  static let cases: [GradientCase] = [
    GradientCase(BatchNormalization(epsilon: 0.01), [x, scale, bias, mean, variance]),
    GradientCase(BatchNormalization(), [pattern([4, 2]), scale, bias, mean, variance]),
    GradientCase(BatchNormalizationTraining(epsilon: 0.01), [x, scale, bias], outputs: [0]),
    GradientCase(BatchNormalizationTraining(), [pattern([4, 2]), scale, bias], outputs: [0]),
    GradientCase(BatchNormalizationTraining(), [pattern([2, 2, 3]), scale, bias], outputs: [0]),
    GradientCase(
      BatchNormalizationTraining(epsilon: 0.01, clamp: Clamp(low: 0, high: .infinity), hasResidual: true),
      [x, scale, bias, pattern([3, 2, 2, 3], seed: 5)], outputs: [0]),
    GradientCase(
      BatchNormalizationTraining(epsilon: 0.01, clamp: Clamp(low: -0.51, high: 0.63)), [x, scale, bias],
      outputs: [0]),
    GradientCase(
      BatchNormalizationFixed(epsilon: 0.01, clamp: Clamp(low: -0.51, high: 0.63)),
      [x, scale, bias, mean, variance], fixed: [3, 4]),
    GradientCase(
      BatchNormalizationFixed(clamp: Clamp(low: 0, high: .infinity), hasResidual: true),
      [pattern([4, 2]), scale, bias, mean, variance, pattern([4, 2], seed: 6)], fixed: [3, 4]),
    GradientCase(LayerNormalization(epsilon: 0.01), [x, pattern([3], seed: 1), pattern([3], seed: 2)]),
    GradientCase(LayerNormalization(axis: 1), [x, pattern([2, 1, 3], seed: 1), pattern([1, 3], seed: 2)]),
    GradientCase(LayerNormalization(axis: 2), [x, pattern([2, 3], seed: 1)]),
    GradientCase(RMSNormalization(epsilon: 0.01), [x, pattern([3], seed: 1)]),
    GradientCase(RMSNormalization(axis: 1), [x, pattern([2, 1, 3], seed: 1)]),
    GradientCase(InstanceNormalization(epsilon: 0.01), [x, scale, bias]),
    GradientCase(
      GroupNormalization(groups: 2), [pattern([2, 4, 3]), pattern([4], seed: 1), pattern([4], seed: 2)]),
    GradientCase(GroupNormalization(groups: 1, epsilon: 0.1), [x, scale, bias]),
    GradientCase(MeanVarianceNormalization(), [x]), GradientCase(MeanVarianceNormalization(axes: [-1]), [x]),
    GradientCase(LRN(size: 3, alpha: 0.5, beta: 0.75, bias: 1), [pattern([2, 5, 2])]),
    GradientCase(LRN(size: 4, alpha: 0.3, beta: 0.6, bias: 2), [pattern([1, 6, 1, 2])]),
    GradientCase(LRN(size: 9, alpha: 0.3), [pattern([1, 3, 2])]),
    GradientCase(
      DropoutTraining(site: 3), [x, Tensor(scalar: Double(0.4)), keys], constants: [1, 2]),
  ]

  @Test(arguments: cases) func agreesWithCentralDifferences(_ gradient: GradientCase) throws {
    try gradient.check()
  }
}
