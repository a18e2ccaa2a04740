import VisionTensor
import VisionGraph

/// Which kernel runs which operator; the reference runs the rest.
package struct KernelTable: Sendable {
  /// Chooses a kernel for a node, or nil when none fits it.
  package typealias Maker = @Sendable (NodeContext) -> KernelChoice?

  private var makers: [String: Maker] = [:]

  package init() {}

  /// Registers a maker under an operator's name.
  package mutating func register(_ names: [String], _ maker: @escaping Maker) {
    for name in names { makers[name] = maker }
  }

  /// The kernel for a node.
  package func choose(_ context: NodeContext) -> KernelChoice {
    let name = type(of: context.node.operation).name
    if let choice = makers[name]?(context) { return choice }
    return KernelChoice(
      kernel: ReferenceKernel(context), operands: context.allRowMajor(), outputLayout: .rowMajor,
      name: "reference", isReference: true)
  }

  /// Every kernel of VisionNet.
  package static let standard: KernelTable = {
    var table = KernelTable()
    table.register(["FusedConv"]) { context in
      (context.node.operation as? FusedConv)?.operands == .bfloat16
        ? BFloat16ConvKernel.choose(context) : ConvKernel.choose(context)
    }
    table.register(["Gemm", "MatMul"], GemmKernel.choose)
    table.register(["BFloat16Product"], BFloat16ConvKernel.dense)
    table.register(["MaxPool", "AveragePool"]) { QuantizedMaxPoolKernel.choose($0) ?? PoolKernel.choose($0) }
    table.register(["GlobalAveragePool", "GlobalMaxPool"], GlobalPoolKernel.choose)
    table.register(["ChannelAffine"], ChannelAffineKernel.choose)
    table.register(UnaryKernel.names, UnaryKernel.choose)
    table.register(BinaryKernel.names, BinaryKernel.choose)
    table.register(ReduceKernel.names) { ColumnSumKernel.choose($0) ?? ReduceKernel.choose($0) }
    table.register(["SumToShape"], ColumnSumKernel.choose)
    table.register(["ConvInputGradient"], ConvInputGradientKernel.choose)
    table.register(["ConvWeightGradient"], ConvWeightGradientKernel.choose)
    table.register(["ConvGradients"], ConvGradientsKernel.choose)
    table.register(BatchNormKernel.names, BatchNormKernel.choose)
    table.register(["BatchNormalizationGradient"], BatchNormGradientKernel.choose)
    table.register(["DropoutTraining"], DropoutKernel.choose)
    table.register(["RunningStatistics"], RunningStatisticsKernel.choose)
    table.register(UnaryGradientKernel.names, UnaryGradientKernel.choose)
    table.register(PoolGradientKernel.names, PoolGradientKernel.choose)
    table.register(CrossEntropyKernel.names, CrossEntropyKernel.choose)
    table.register(["Softmax", "LogSoftmax"], SoftmaxKernel.choose)
    table.register(["LayerNormalization"], LayerNormKernel.choose)
    table.register(["LRN"], LRNKernel.choose)
    table.register(["QuantizeLinear"], QuantizeKernel.choose)
    table.register(["DequantizeLinear"], DequantizeKernel.choose)
    table.register(["QuantizedConv"], QuantizedConvKernel.choose)
    table.register(["QuantizedDense"], QuantizedConvKernel.dense)
    table.register(["QuantizedAdd"], QuantizedAddKernel.choose)
    table.register(["QuantizedGlobalAveragePool"], QuantizedGlobalPoolKernel.choose)
    table.register(["Reshape", "Flatten", "Squeeze", "Unsqueeze", "Identity", "Dropout"]) { context in
      guard context.outputs.count == 1 else { return nil }
      return .view(layout: .rowMajor, as: .rowMajor, name: "view")
    }
    table.register(["Transpose"], CopyKernel.transpose)
    table.register(["Concat"], CopyKernel.concat)
    table.register(["Split"], CopyKernel.split)
    table.register(["Slice"], CopyKernel.slice)
    table.register(["Pad"], CopyKernel.pad)
    table.register(["Expand"], CopyKernel.expand)
    table.register(["Gather"], CopyKernel.gather)
    return table
  }()
}

extension NodeContext {
  /// The attributes under their ONNX names.
  var attributes: Attributes { node.operation.attributes }

  func int(_ name: String, default fallback: Int) -> Int {
    if case .int(let value)? = attributes[name] { return value }
    return fallback
  }

  func float(_ name: String, default fallback: Float) -> Float {
    if case .float(let value)? = attributes[name] { return value }
    return fallback
  }

  func ints(_ name: String) -> [Int]? {
    if case .ints(let value)? = attributes[name] { return value }
    return nil
  }

  /// The constant integers of an input, or nil when it is absent or not constant.
  func constantInts(_ input: Int) -> [Int]? {
    guard input < inputs.count else { return nil }
    return inputs[input]?.value?.integers ?? frozen[input]?.integers
  }

  /// Output 0 as an image, or nil.
  var outputImage: (n: Int, c: Int, h: Int, w: Int)? { outputs[0].image }
}
