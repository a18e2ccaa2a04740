import CVisionKernels
import VisionTensor
package import VisionGraph

/// An operator that has a kernel of its own, in whose file this stands.
package protocol KernelOperator: Operator {
  /// The kernel for a node of the operator, or nil when it does not fit the node.
  func kernel(_ context: NodeContext) -> KernelChoice?
}

/// Which kernel runs which operator, where several share one or somebody else wrote it; the reference runs what has none.
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

  /// The kernel for nodes that are computed together.
  func choose(_ contexts: [NodeContext]) -> KernelChoice {
    if contexts.count == 1 { return choose(contexts[0]) }
    return AttentionKernel.choose(contexts) ?? ConvKernel.scaled(contexts) ?? ChainKernel.choose(contexts)
  }

  /// The kernel for a node: that of its operator, the one that the operator brings, or that of the function of one element that it is.
  package func choose(_ context: NodeContext) -> KernelChoice {
    let maker =
      makers[ObjectIdentifier(type(of: context.node.operation))]
      ?? (context.node.operation as? any KernelOperator)?.kernel
      ?? { OwnKernel.choose($0) ?? elementwise($0) }
    if let choice = maker(context) { return choice }
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
    table.registerPairs()
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
    register(FusedDense.self, DenseKernel.choose)
    register(BFloat16Product.self, BFloat16ConvKernel.dense)
    register(MaxPool.self) {
      QuantizedMaxPoolKernel.choose($0, $1) ?? PoolKernel.choose($0, $1, isMaximum: true)
        ?? PlanePoolKernel.choose($0, $1, isMaximum: true)
    }
    register(AveragePool.self) {
      PoolKernel.choose($0, $1, isMaximum: false) ?? PlanePoolKernel.choose($0, $1, isMaximum: false)
    }
    register(GlobalAveragePool.self) { GlobalPoolKernel.choose($1, isMaximum: false) }
    register(GlobalMaxPool.self) { GlobalPoolKernel.choose($1, isMaximum: true) }
  }

  /// Operators on two tensors, rows and channels.
  private mutating func registerRows() {
    // Of floats, and of integers.
    let binary: [(any Operator.Type, vn_binary_op, vn_pair_op?)] = [
      (Add.self, VN_ADD, VN_PAIR_ADD), (Sub.self, VN_SUB, VN_PAIR_SUB), (Mul.self, VN_MUL, VN_PAIR_MUL),
      (Div.self, VN_DIV, nil), (Min.self, VN_MIN, VN_PAIR_MIN), (Max.self, VN_MAX, VN_PAIR_MAX),
      (Pow.self, VN_POW, nil), (PRelu.self, VN_PRELU, nil), (Sum.self, VN_ADD, nil),
    ]
    for (type, op, pair) in binary {
      makers[ObjectIdentifier(type)] = { context in
        BinaryKernel.choose(op, context) ?? pair.flatMap { PairKernel.choose($0, context) }
      }
    }
    register(ReduceSum.self) { ColumnSumKernel.choose($0, $1) ?? ReduceKernel.choose(VN_SUM, $0, $1) }
    register(ReduceMean.self) { ReduceKernel.choose(VN_MEAN, $0, $1) }
    register(ReduceMax.self) { ReduceKernel.choose(VN_REDUCE_MAX, $0, $1) }
    register(ReduceMin.self) { ReduceKernel.choose(VN_REDUCE_MIN, $0, $1) }
    register(ReduceSumSquare.self) { ReduceKernel.choose(VN_SUM_SQUARE, $0, $1) }
    register(ReduceL2.self) { ReduceKernel.choose(VN_ROOT_SUM_SQUARE, $0, $1) }
    register(ReduceL1.self) { ReduceKernel.choose(VN_SUM_ABS, $0, $1) }
    register(ReduceProd.self) { ReduceKernel.choose(VN_PRODUCT, $0, $1) }
    register(Softmax.self) { SoftmaxKernel.choose($0, $1, isLogarithm: false) }
    register(LogSoftmax.self) { SoftmaxKernel.choose($0, $1, isLogarithm: true) }
  }

  /// Comparisons, logic, and functions of the C library.
  private mutating func registerPairs() {
    let pairs: [(any Operator.Type, vn_pair_op)] = [
      (Equal.self, VN_PAIR_EQUAL), (Less.self, VN_PAIR_LESS), (LessOrEqual.self, VN_PAIR_LESS_EQUAL),
      (Greater.self, VN_PAIR_GREATER), (GreaterOrEqual.self, VN_PAIR_GREATER_EQUAL),
      (And.self, VN_PAIR_AND), (Or.self, VN_PAIR_OR), (Xor.self, VN_PAIR_XOR),
      (BitwiseAnd.self, VN_PAIR_AND), (BitwiseOr.self, VN_PAIR_OR), (BitwiseXor.self, VN_PAIR_XOR),
    ]
    for (type, op) in pairs { makers[ObjectIdentifier(type)] = { PairKernel.choose(op, $0) } }
    let functions: [(any Operator.Type, vn_math_op?)] = [
      (Sin.self, VN_MATH_SIN), (Cos.self, VN_MATH_COS), (Tan.self, VN_MATH_TAN), (Asin.self, VN_MATH_ASIN),
      (Acos.self, VN_MATH_ACOS), (Atan.self, VN_MATH_ATAN), (Sinh.self, VN_MATH_SINH),
      (Cosh.self, VN_MATH_COSH), (Asinh.self, VN_MATH_ASINH), (Acosh.self, VN_MATH_ACOSH),
      (Atanh.self, VN_MATH_ATANH), (Not.self, nil),
    ]
    for (type, op) in functions { makers[ObjectIdentifier(type)] = { MathKernel.choose(op, $0) } }
  }

  /// Operators that only move elements, or do nothing.
  private mutating func registerMovements() {
    let views: [any Operator.Type] = [
      Reshape.self, Flatten.self, Squeeze.self, Unsqueeze.self, Identity.self,
    ]
    for type in views { makers[ObjectIdentifier(type)] = { $0.view } }
    register(DropoutOperator.self) { DropoutOperator.isIdentity($1.inputs) ? $1.view : nil }
    register(Transpose.self, CopyKernel.transpose)
    register(Concat.self, CopyKernel.concat)
    register(Split.self, CopyKernel.split)
    register(Slice.self) { CopyKernel.slice($1) }
    register(Pad.self) { CopyKernel.pad($0, $1) ?? TableKernel.pad($0, $1) }
    register(Expand.self) { CopyKernel.expand($1) }
    register(Gather.self) { CopyKernel.gather($0, $1) ?? GatherKernel.choose($0, $1) }
  }

  private mutating func registerBytes() {
    register(QuantizeLinear.self) { QuantizeKernel.choose($1) }
    register(DequantizeLinear.self) { DequantizeKernel.choose($1) }
    register(QuantizedConv.self, QuantizedConvKernel.choose)
    register(QuantizedDense.self, QuantizedConvKernel.dense)
  }

  private mutating func registerTraining() {
    register(BatchNormalization.self, BatchNormKernel.choose)
    register(BatchNormalizationFixed.self, BatchNormKernel.choose)
    register(BatchNormalizationTraining.self, BatchNormKernel.choose)
    register(PoolingGradient<MaxPool>.self) { PoolGradientKernel.choose($0.pool, $1, isMaximum: true) }
    register(PoolingGradient<AveragePool>.self) { PoolGradientKernel.choose($0.pool, $1, isMaximum: false) }
    register(GlobalPoolingGradient<GlobalMaxPool>.self) { PoolGradientKernel.global($1, isMaximum: true) }
    register(MeanGradient.self) { PoolGradientKernel.global($1, isMaximum: false) }
    register(SumToShape.self) { ColumnSumKernel.choose($0, $1) ?? BroadcastSumKernel.choose($0, $1) }
    register(SoftmaxGradient<Softmax>.self) {
      SoftmaxGradientKernel.choose($0.function, $1, isLogarithm: false)
    }
    register(SoftmaxGradient<LogSoftmax>.self) {
      SoftmaxGradientKernel.choose($0.function, $1, isLogarithm: true)
    }
    register(RecurrentGradient<LSTM>.self) { RecurrentGradientKernel.choose($0.op, $1) }
    register(MovementGradient<Slice>.self) { MovementGradientKernel.slice($1) }
    register(MovementGradient<Gather>.self) { MovementGradientKernel.gather($0.movement, $1) }
    register(SoftmaxCrossEntropy.self) { CrossEntropyKernel.choose($0, $1, isGradient: false) }
    register(LossGradient<SoftmaxCrossEntropy>.self) {
      CrossEntropyKernel.choose($0.loss, $1, isGradient: true)
    }
    registerElementwiseLosses()
    register(DetectionLoss.self) { DetectionLossKernel.choose($0, $1, isGradient: false) }
    register(LossGradient<DetectionLoss>.self) {
      DetectionLossKernel.choose($0.loss, $1, isGradient: true)
    }
  }
}

extension KernelTable {
  private mutating func registerElementwiseLosses() {
    register(MeanSquaredError.self) {
      ElementwiseLossKernel.choose(VN_LOSS_SQUARE, $0.reduction, $1, isGradient: false)
    }
    register(LossGradient<MeanSquaredError>.self) {
      ElementwiseLossKernel.choose(VN_LOSS_SQUARE, $0.loss.reduction, $1, isGradient: true)
    }
    register(MeanAbsoluteError.self) {
      ElementwiseLossKernel.choose(VN_LOSS_ABSOLUTE, $0.reduction, $1, isGradient: false)
    }
    register(LossGradient<MeanAbsoluteError>.self) {
      ElementwiseLossKernel.choose(VN_LOSS_ABSOLUTE, $0.loss.reduction, $1, isGradient: true)
    }
    register(HuberLoss.self) {
      ElementwiseLossKernel.choose(
        VN_LOSS_HUBER, parameter: $0.delta, $0.reduction, $1, isGradient: false)
    }
    register(LossGradient<HuberLoss>.self) {
      ElementwiseLossKernel.choose(
        VN_LOSS_HUBER, parameter: $0.loss.delta, $0.loss.reduction, $1, isGradient: true)
    }
    register(BinaryCrossEntropy.self) {
      ElementwiseLossKernel.choose(
        VN_LOSS_BINARY, parameter: $0.labelSmoothing, $0.reduction, $1, isGradient: false)
    }
    register(LossGradient<BinaryCrossEntropy>.self) {
      ElementwiseLossKernel.choose(
        VN_LOSS_BINARY, parameter: $0.loss.labelSmoothing, $0.loss.reduction, $1, isGradient: true)
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
