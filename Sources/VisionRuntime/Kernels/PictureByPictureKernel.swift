import CVisionKernels
import VisionGraph
import VisionTensor

/// A convolution and the pooling of its result, one picture of the batch after the other: what lies between is read while it is
/// in the caches, and takes the memory of one picture.
struct PictureByPictureKernel: Kernel {
  private let convolution: any Kernel
  private let pooling: any Kernel
  private let pictures: Int
  /// Bytes of one picture of what is read, of what lies between, and of the result.
  private let inputBytes: Int
  private let betweenBytes: Int
  private let outputBytes: Int

  /// For a convolution and what reads its result; nil unless both kernels take one operand, channels last.
  static func choose(_ contexts: [NodeContext]) -> KernelChoice? {
    let single = contexts.map { $0.ofOnePicture }
    guard single.count == 2, let pictures = contexts[1].outputs[0].shape.first,
      let input = single[0].inputs[0],
      let convolution = ConvKernel.choose(single[0]) ?? QuantizedConvKernel.choose(single[0]),
      let pooling = QuantizedMaxPoolKernel.choose(single[1]) ?? PoolKernel.choose(single[1]),
      let first = convolution.kernel, let second = pooling.kernel,
      [convolution, pooling].allSatisfy({
        $0.operands.count == 1 && $0.operands[0] == (0, .channelsLast) && $0.outputLayout == .channelsLast
      })
    else { return nil }
    func bytes(_ fact: Fact) -> Int { fact.shape.elementCount * fact.type.byteCount }
    let kernel = PictureByPictureKernel(
      convolution: first, pooling: second, pictures: pictures, inputBytes: bytes(input),
      betweenBytes: bytes(single[0].outputs[0]), outputBytes: bytes(single[1].outputs[0]))
    return KernelChoice(
      kernel: kernel, operands: convolution.operands, outputLayout: .channelsLast,
      name: "\(convolution.name) + max pool")
  }

  /// Floats before the scratch of the kernels.
  private var betweenFloats: Int { (betweenBytes + 63) / 64 * 16 }

  /// With fewer pictures a thread they are computed one by one by all threads: the last ones would leave most of them idle.
  private static let picturesPerThread = 4

  private func sharesPictures(_ threads: Int) -> Bool {
    threads > 1 && pictures >= threads * Self.picturesPerThread
  }

  /// What one picture needs, computed by that many threads.
  private func floats(_ kernels: OpaquePointer, threads: Int) -> Int {
    let own = [convolution, pooling].map { $0.scratchFloats(kernels: kernels, threads: threads) }
    return (betweenFloats + (own.max() ?? 0) + 15) / 16 * 16
  }

  func scratchFloats(kernels: OpaquePointer, threads: Int) -> Int {
    sharesPictures(threads) ? threads * floats(kernels, threads: 1) : floats(kernels, threads: threads)
  }

  func explanation(kernels: OpaquePointer) -> KernelExplanation {
    var explanation = convolution.explanation(kernels: kernels)
    explanation.details += ", \(pictures) pictures one by one with their pooling"
    return explanation
  }

  func run(_ context: borrowing KernelContext) {
    let (x, y, scratch) = (context.pointers[0], context.pointers[1], context.scratch)
    let (kernels, pool) = (context.kernels, context.pool)
    let threads = Int(vn_pool_threads(pool))
    guard sharesPictures(threads) else {
      for picture in 0..<pictures { run(picture, from: x, to: y, scratch, kernels, pool) }
      return
    }
    let floats = floats(kernels, threads: 1)
    let body = { (picture: Int, worker: Int) in
      run(picture, from: x, to: y, scratch + worker * floats, kernels, nil)
    }
    withoutActuallyEscaping(body) { body in
      withUnsafePointer(to: body) { pointer in
        vn_pool_run(
          pool, pictures,
          { context, index, worker in
            context?.assumingMemoryBound(to: ((Int, Int) -> Void).self).pointee(index, Int(worker))
          }, UnsafeMutableRawPointer(mutating: pointer))
      }
    }
  }

  private func run(
    _ picture: Int, from x: UnsafeMutableRawPointer, to y: UnsafeMutableRawPointer,
    _ scratch: UnsafeMutablePointer<Float>, _ kernels: OpaquePointer, _ pool: OpaquePointer?
  ) {
    func step(_ kernel: any Kernel, _ source: UnsafeMutableRawPointer, _ target: UnsafeMutableRawPointer) {
      // A tuple, since a run allocates nothing.
      var pointers = (source, target)
      withUnsafePointer(to: &pointers) { pair in
        let array = UnsafeRawPointer(pair).assumingMemoryBound(to: UnsafeMutableRawPointer.self)
        do {
          try kernel.run(
            KernelContext(pointers: array, scratch: scratch + betweenFloats, kernels: kernels, pool: pool))
        } catch { preconditionFailure("only references look at their data") }
      }
    }
    let between = UnsafeMutableRawPointer(scratch)
    step(convolution, x + picture * inputBytes, between)
    step(pooling, between, y + picture * outputBytes)
  }
}

extension NodeContext {
  /// The same with a batch of one in the first input and the outputs.
  fileprivate var ofOnePicture: NodeContext {
    func single(_ fact: Fact) -> Fact {
      Fact(fact.type, Shape([1] + fact.shape.dimensions.dropFirst()))
    }
    var inputs = inputs
    inputs[0] = inputs[0].map(single)
    return NodeContext(
      node: node, inputs: inputs, outputs: outputs.map(single), layouts: layouts, frozen: frozen,
      foldedFilters: foldedFilters, kernels: kernels, weights: weights, convolutions: convolutions,
      packing: packing)
  }
}
