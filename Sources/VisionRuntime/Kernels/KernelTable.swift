import CVisionKernels
import VisionTensor
package import VisionGraph

/// The kernels for each operator. Reference implementations run the operators without a kernel.
package struct KernelTable: Sendable {
  /// Functions that choose a kernel, by the operator's type.
  private var makers: [ObjectIdentifier: @Sendable (NodeContext) -> KernelChoice?] = [:]

  package init() {}

  /// Registers the function that chooses a kernel for a node of an operator; it returns nil if no kernel
  /// fits.
  package mutating func register<Operation: Operator>(
    _ type: Operation.Type, _ maker: @escaping @Sendable (Operation, NodeContext) -> KernelChoice?
  ) {
    makers[ObjectIdentifier(type)] = { context in
      (context.node.operation as? Operation).flatMap { maker($0, context) }
    }
  }

  /// The kernel for a node: that of its operator or, for an operator without one, that of its elementwise
  /// function.
  package func choose(_ context: NodeContext) -> KernelChoice {
    let maker = makers[ObjectIdentifier(type(of: context.node.operation))]
    if let choice = maker.map({ $0(context) }) ?? elementwise(context) { return choice }
    return KernelChoice(
      kernel: ReferenceKernel(context), operands: context.allRowMajor(), outputLayout: .rowMajor,
      name: "reference", isReference: true)
  }

  private func elementwise(_ context: NodeContext) -> KernelChoice? {
    UnaryKernel.choose(context) ?? UnaryGradientKernel.choose(context)
  }

  /// All kernels of VisionNet.
  package static let standard: KernelTable = {
    var table = KernelTable()
    table.registerProducts()
    table.registerRows()
    table.registerMovements()
    table.registerBytes()
    table.registerTraining()
    return table
  }()

  /// Convolutions, matrix products, pooling.
  private mutating func registerProducts() {
    register(FusedConv.self) {
      $0.operands == .bfloat16
        ? BFloat16ConvKernel.choose($0, $1) : Im2colKernel.choose($0, $1) ?? ConvKernel.choose($0, $1)
    }
    register(Gemm.self, GemmKernel.choose)
    register(MatMul.self, GemmKernel.choose)
    register(BFloat16Product.self, BFloat16ConvKernel.dense)
    register(MaxPool.self) {
      QuantizedMaxPoolKernel.choose($0, $1) ?? PoolKernel.choose($0, $1, isMaximum: true)
    }
    register(AveragePool.self) { PoolKernel.choose($0, $1, isMaximum: false) }
    register(GlobalAveragePool.self) { GlobalPoolKernel.choose($1, isMaximum: false) }
    register(GlobalMaxPool.self) { GlobalPoolKernel.choose($1, isMaximum: true) }
  }

  /// Operators on two tensors, rows and channels.
  private mutating func registerRows() {
    register(Add.self) { BinaryKernel.choose(VN_ADD, $1) }
    register(Sub.self) { BinaryKernel.choose(VN_SUB, $1) }
    register(Mul.self) { BinaryKernel.choose(VN_MUL, $1) }
    register(Div.self) { BinaryKernel.choose(VN_DIV, $1) }
    register(Min.self) { BinaryKernel.choose(VN_MIN, $1) }
    register(Max.self) { BinaryKernel.choose(VN_MAX, $1) }
    register(Pow.self) { BinaryKernel.choose(VN_POW, $1) }
    register(PRelu.self) { BinaryKernel.choose(VN_PRELU, $1) }
    register(Sum.self) { BinaryKernel.choose(VN_ADD, $1) }
    register(ReduceSum.self) { ColumnSumKernel.choose($0, $1) ?? ReduceKernel.choose(VN_SUM, $0, $1) }
    register(ReduceMean.self) { ReduceKernel.choose(VN_MEAN, $0, $1) }
    register(ReduceMax.self) { ReduceKernel.choose(VN_REDUCE_MAX, $0, $1) }
    register(ReduceMin.self) { ReduceKernel.choose(VN_REDUCE_MIN, $0, $1) }
    register(ReduceSumSquare.self) { ReduceKernel.choose(VN_SUM_SQUARE, $0, $1) }
    register(ReduceL1.self) { ReduceKernel.choose(VN_SUM_ABS, $0, $1) }
    register(ReduceProd.self) { ReduceKernel.choose(VN_PRODUCT, $0, $1) }
    register(Softmax.self) { SoftmaxKernel.choose($0, $1, isLogarithm: false) }
    register(LogSoftmax.self) { SoftmaxKernel.choose($0, $1, isLogarithm: true) }
    register(LayerNormalization.self, LayerNormKernel.choose)
    register(LRN.self, LRNKernel.choose)
    register(ChannelAffine.self, ChannelAffineKernel.choose)
  }

  /// Operators that only move elements, or do nothing.
  private mutating func registerMovements() {
    register(Reshape.self) { $1.view }
    register(Flatten.self) { $1.view }
    register(Squeeze.self) { $1.view }
    register(Unsqueeze.self) { $1.view }
    register(Identity.self) { $1.view }
    register(DropoutOperator.self) { $1.view }
    register(Transpose.self, CopyKernel.transpose)
    register(Concat.self, CopyKernel.concat)
    register(Split.self, CopyKernel.split)
    register(Slice.self) { CopyKernel.slice($1) }
    register(Pad.self, CopyKernel.pad)
    register(Expand.self) { CopyKernel.expand($1) }
    register(Gather.self, CopyKernel.gather)
  }

  private mutating func registerBytes() {
    register(QuantizeLinear.self) { QuantizeKernel.choose($1) }
    register(DequantizeLinear.self) { DequantizeKernel.choose($1) }
    register(QuantizedConv.self, QuantizedConvKernel.choose)
    register(QuantizedDense.self, QuantizedConvKernel.dense)
    register(QuantizedAdd.self, QuantizedAddKernel.choose)
    register(QuantizedGlobalAveragePool.self, QuantizedGlobalPoolKernel.choose)
  }

  private mutating func registerTraining() {
    register(ConvInputGradient.self, ConvInputGradientKernel.choose)
    register(ConvWeightGradient.self, ConvWeightGradientKernel.choose)
    register(ConvGradients.self, ConvGradientsKernel.choose)
    register(BatchNormalization.self, BatchNormKernel.choose)
    register(BatchNormalizationFixed.self, BatchNormKernel.choose)
    register(BatchNormalizationTraining.self, BatchNormKernel.choose)
    register(BatchNormalizationGradient.self, BatchNormGradientKernel.choose)
    register(RunningStatistics.self, RunningStatisticsKernel.choose)
    register(DropoutTraining.self, DropoutKernel.choose)
    register(PoolingGradient<MaxPool>.self) { PoolGradientKernel.choose($0.pool, $1, isMaximum: true) }
    register(PoolingGradient<AveragePool>.self) { PoolGradientKernel.choose($0.pool, $1, isMaximum: false) }
    register(GlobalPoolingGradient<GlobalMaxPool>.self) { PoolGradientKernel.global($1, isMaximum: true) }
    register(MeanGradient.self) { PoolGradientKernel.global($1, isMaximum: false) }
    register(SumToShape.self) { ColumnSumKernel.choose($0, $1) }
    register(SoftmaxCrossEntropy.self) { CrossEntropyKernel.choose($0, $1, isGradient: false) }
    register(LossGradient<SoftmaxCrossEntropy>.self) {
      CrossEntropyKernel.choose($0.loss, $1, isGradient: true)
    }
  }
}

extension NodeContext {
  /// A view: the only output shares the memory of the first input.
  fileprivate var view: KernelChoice? {
    outputs.count == 1 ? .view(layout: .rowMajor, as: .rowMajor, name: "view") : nil
  }

  /// The integers of a constant input; nil when it is absent or not constant.
  func constantInts(_ input: Int) -> [Int]? {
    guard input < inputs.count else { return nil }
    return inputs[input]?.value?.integers ?? frozen[input]?.integers
  }

  /// The extents of output 0 as an image, or nil.
  var outputImage: (n: Int, c: Int, h: Int, w: Int)? { outputs[0].image }
}
