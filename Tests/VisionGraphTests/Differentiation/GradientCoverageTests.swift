import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// Every operator that files may name has its gradient checked, or is known to have none.
@Suite struct GradientCoverageTests {
  /// Operators whose results are never floating-point numbers that depend on floating-point inputs.
  private static let cut: Set<String> = [
    "BlackmanWindow", "HammingWindow", "HannWindow", "MelWeightMatrix", "Multinomial", "RandomNormal",
    "RandomNormalLike", "RandomUniform", "RandomUniformLike",
    "And", "ArgMax", "ArgMin", "BitShift", "BitwiseAnd", "BitwiseNot", "BitwiseOr", "BitwiseXor", "Constant",
    "ConstantOfShape", "Equal", "EyeLike", "Greater",
    "GreaterOrEqual",
    "IsInf", "IsNaN", "Less", "LessOrEqual", "NonMaxSuppression", "NonZero", "Not", "Or", "QuantizeLinear",
    "Range", "Shape", "Size", "Xor",
    "ConvInteger", "DynamicQuantizeLinear", "MatMulInteger", "QLinearConv", "QLinearMatMul",
    "com.microsoft.NhwcMaxPool", "com.microsoft.QGemm", "com.microsoft.QLinearAdd",
    "com.microsoft.QLinearAveragePool", "com.microsoft.QLinearConcat",
    "com.microsoft.QLinearGlobalAveragePool", "com.microsoft.QLinearLeakyRelu", "com.microsoft.QLinearMul",
    "com.microsoft.QLinearSigmoid", "com.microsoft.QLinearSoftmax",
  ]
  /// Operators that refuse: what of theirs could be differentiated does not occur in training.
  private static let refused: Set<String> = [
    "Compress", "DequantizeLinear", "com.microsoft.CropAndResize", "OneHot", "Unique",
    "ai.onnx.preview.training.Adagrad",
    "ai.onnx.preview.training.Adam", "ai.onnx.preview.training.Momentum",
    "com.microsoft.DynamicQuantizeMatMul", "com.microsoft.MatMulIntegerToFloat",
  ]

  @Test func everyOperatorIsAccountedFor() {
    let cases =
      ElementwiseGradientTests.cases + MovementGradientTests.cases + ReductionGradientTests.cases
      + WindowGradientTests.cases + NormalizationGradientTests.cases + RecurrentGradientTests.cases
      + SamplingGradientTests.cases
    let checked = Set(cases.map(\.name))
    for name in OperatorRegistry.standard.names where Self.isOperator(name) {
      let places = [checked, Self.cut, Self.refused].filter { $0.contains(name) }.count
      #expect(places == 1, "\(name) is in \(places) of the three lists")
    }
  }

  /// Whether it is an operator of graphs; a composition has the gradients of its parts.
  private static func isOperator(_ name: String) -> Bool {
    let parts = name.split(separator: ".")
    let type = OperatorRegistry.standard.find(
      domain: parts.dropLast().joined(separator: "."), name: parts.last.map(String.init) ?? "")
    return type is any Operator.Type
  }
}
