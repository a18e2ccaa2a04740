import CVisionKernels
import VisionGraph
import VisionSystem
import VisionTensor

/// The sum of two tensors of bytes, in either layout.
struct QuantizedAddKernel: Kernel {
  private let add: vn_qadd
  private let count: Int

  static func choose(_ op: QuantizedAdd, _ context: NodeContext) -> KernelChoice? {
    guard let sum = op.sum(context.frozen.tensors),
      let residual = sum.requantization.residual
    else { return nil }
    var add = vn_qadd()
    (add.a_zero, add.b_zero, add.zero) = (Int32(sum.aZero), Int32(residual.zero), Int32(residual.resultZero))
    (add.a_scale, add.b_scale) = (residual.sumScale, residual.scale)
    (add.low, add.high) = (residual.low, residual.high)
    let shape = context.outputs[0].shape
    let isImage = shape.rank == 4 && [context.layouts[0], context.layouts[3]].contains(.channelsLast)
    let layout: Layout = isImage ? .channelsLast : .rowMajor
    return KernelChoice(
      kernel: QuantizedAddKernel(add: add, count: shape.elementCount), operands: [(0, layout), (3, layout)],
      outputLayout: layout, worksInPlace: true, name: "int8 add")
  }

  func run(_ context: borrowing KernelContext) {
    var add = add
    vn_qadd_run(
      context.kernels, &add, count, context.bytes(0), context.bytes(1), context.bytes(2), context.pool)
  }
}

/// A function of one byte, in either layout.
struct QuantizedTableKernel: Kernel {
  private let table: [UInt8]
  private let count: Int

  static func choose(_ op: QuantizedTable, _ context: NodeContext) -> KernelChoice? {
    guard let table = context.frozen[1]?.values(as: UInt8.self), table.count == 256 else { return nil }
    let layout = context.layouts[0]
    return KernelChoice(
      kernel: QuantizedTableKernel(table: table, count: context.outputs[0].shape.elementCount),
      operands: [(0, layout)], outputLayout: layout, worksInPlace: true, name: "int8 table")
  }

  func run(_ context: borrowing KernelContext) {
    vn_byte_table(context.kernels, count, table, context.bytes(0), context.bytes(1), context.pool)
  }
}

/// The product of two tensors of bytes in either layout, or of an image and a number for each channel.
struct QuantizedMulKernel: Kernel {
  private let mul: vn_qmul
  private let rows: Int
  private let columns: Int
  private let rowsPerFactor: Int

  static func choose(_ op: QuantizedMul, _ context: NodeContext) -> KernelChoice? {
    guard let (a, b, y) = QuantizedMul.quantizations(context.frozen.tensors), let factor = context.inputs[3]
    else { return nil }
    let mul = vn_qmul(
      a_zero: Int32(a.zeroPoint), b_zero: Int32(b.zeroPoint), zero: Int32(y.zeroPoint), a_scale: a.scale,
      b_scale: b.scale, scale: y.scale)
    let shape = context.outputs[0].shape
    let isWhole = factor.shape == shape
    let isImage =
      !isWhole || shape.rank == 4 && [context.layouts[0], context.layouts[3]].contains(.channelsLast)
    let layout: Layout = isImage ? .channelsLast : .rowMajor
    let columns = isWhole ? max(shape.elementCount, 1) : max(shape[1], 1)
    let kernel = QuantizedMulKernel(
      mul: mul, rows: shape.elementCount / columns, columns: columns,
      rowsPerFactor: isWhole ? 1 : max(shape[2] * shape[3], 1))
    return KernelChoice(
      kernel: kernel, operands: [(0, layout), (3, layout)], outputLayout: layout, worksInPlace: true,
      name: "int8 mul")
  }

  func run(_ context: borrowing KernelContext) {
    var mul = mul
    vn_qmul_run(
      context.kernels, &mul, rows, columns, rowsPerFactor, context.bytes(0), context.bytes(1),
      context.bytes(2), context.pool)
  }
}

/// Global average pooling of bytes, channels last.
struct QuantizedGlobalPoolKernel: Kernel {
  private let images: Int
  private let pixels: Int
  private let channels: Int
  private let mean: (requantization: Requantization, multiplier: Float, zero: Int32)

  static func choose(_ op: QuantizedGlobalAveragePool, _ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0]?.shape,
      x.rank == 4, x.elementCount > 0, let mean = op.mean(context.frozen.tensors, pixels: x[2] * x[3])
    else { return nil }
    let kernel = QuantizedGlobalPoolKernel(images: x[0], pixels: x[2] * x[3], channels: x[1], mean: mean)
    // With one pixel, both layouts have the same bytes.
    return KernelChoice(
      kernel: kernel, operands: [(0, .channelsLast)], outputLayout: .rowMajor, name: "int8 global pool")
  }

  func run(_ context: borrowing KernelContext) {
    let result = mean.requantization
    vn_qglobal_average(
      context.kernels, images, pixels, channels, context.bytes(0), mean.zero, mean.multiplier, result.low,
      result.high, Int32(result.zero), context.bytes(1), context.pool)
  }
}

/// Max pooling of bytes, channels last.
struct QuantizedMaxPoolKernel: Kernel {
  private let window: vn_window

  static func choose(_ pool: MaxPool, _ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0], x.type == .uint8, x.shape.rank == 4, x.shape.elementCount > 0,
      context.outputs.count == 1
    else { return nil }
    let (from, to) = (x.shape, context.outputs[0].shape)
    guard to.elementCount > 0,
      let window = PoolKernel.window(
        of: pool, (from[0], from[1], from[2], from[3]), (to[0], to[1], to[2], to[3]))
    else { return nil }
    return KernelChoice(
      kernel: QuantizedMaxPoolKernel(window: window), operands: [(0, .channelsLast)],
      outputLayout: .channelsLast,
      name: "int8 max pool")
  }

  func run(_ context: borrowing KernelContext) {
    var window = window
    vn_qmax_pool(context.kernels, &window, context.bytes(0), context.bytes(1), context.pool)
  }
}

extension QuantizedAdd: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? { QuantizedAddKernel.choose(self, context) }
}

extension QuantizedGlobalAveragePool: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? {
    QuantizedGlobalPoolKernel.choose(self, context)
  }
}

extension QuantizedTable: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? { QuantizedTableKernel.choose(self, context) }
}

extension QuantizedMul: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? { QuantizedMulKernel.choose(self, context) }
}
