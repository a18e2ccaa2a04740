import CVisionKernels
import VisionGraph
import VisionSystem
import VisionTensor

/// A transposed convolution over two spatial axes whose weights do not change: those of each residue of the stride are packed once.
struct FrozenConvTransposeKernel: Kernel {
  private let phases: [ConvTransposePhase]
  private let packed: PackedWeights
  /// Where the packed weights of each phase begin, in floats.
  private let starts: [Int]
  /// As often as phases join columns.
  private let bias: Tensor?

  static func choose(_ op: ConvTranspose, _ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0]?.image, let weights = context.frozen[1],
      weights.elementType == .float32, x.n > 0, x.c > 0, x.h > 0, x.w > 0,
      let y = context.outputImage, y.c > 0, y.h > 0, y.w > 0,
      let bias = bias(context),
      let phases = ConvTransposePhase.all(op, from: x, to: y), phases.allSatisfy(\.isRunnable)
    else { return nil }
    let kernels = context.kernels
    var (starts, floats) = ([Int](), 0)
    for phase in phases {
      var conv = phase.conv
      starts.append(floats)
      floats += (vn_conv_packed_floats(kernels, &conv) + 15) / 16 * 16
    }
    // The phases follow from the window and, where padding does, from the extents.
    let pads = phases.map { "\($0.conv.pad_top),\($0.conv.pad_left),\($0.conv.kh),\($0.conv.kw)" }
    let key =
      "conv transpose \(context.node.name) \(vn_kernels_isa(kernels).rawValue) \(weights.shape) \(pads) \(phases.count)"
    let packed = context.frozen.store.packed(key, floats: floats) { [starts] target, _, _ in
      weights.withAlignedFloats { source in
        for (phase, start) in zip(phases, starts) {
          var conv = phase.conv
          phase.weights(source, kernel: op.window.kernel).withUnsafeBufferPointer { part in
            guard let base = part.baseAddress else { return }
            vn_conv_pack(kernels, &conv, base, target + start)
          }
        }
      }
    }
    let repeats = Int(phases[0].conv.o) / y.c
    let repeated = bias.map { bias in
      Tensor((0..<repeats).flatMap { _ in bias.floats }, shape: [repeats * y.c])
    }
    let kernel = FrozenConvTransposeKernel(
      phases: phases, packed: packed, starts: starts, bias: repeated?.aligned)
    return KernelChoice(
      kernel: kernel, operands: [(0, .channelsLast)], outputLayout: .channelsLast, name: "conv transpose")
  }

  /// The bias, or nil for none; nil as a whole where it may change.
  private static func bias(_ context: NodeContext) -> Tensor?? {
    if context.isAbsent(2) { return .some(nil) }
    return context.frozen[2].map { .some($0) }
  }

  func scratchFloats(kernels: OpaquePointer, threads: Int) -> Int {
    phases.map { phase in
      var conv = phase.conv
      return vn_conv_scratch_floats(kernels, &conv, Int32(threads))
    }.max() ?? 0
  }

  func explanation(kernels: OpaquePointer) -> KernelExplanation {
    KernelExplanation(
      algorithm: "residues",
      details: "\(phases.count) convolutions of \(phases[0].conv.kh)×\(phases[0].conv.kw)",
      reason: "a convolution of stride 1 for each residue of the stride, its weights packed once",
      heldBytes: packed.byteCount)
  }

  func run(_ context: borrowing KernelContext) {
    for index in phases.indices {
      var conv = phases[index].conv
      vn_conv_run(
        context.kernels, &conv, context.floats(0) + phases[index].inputOffset,
        packed.floats + starts[index], bias.map(\.baseFloats), nil,
        context.floats(1) + phases[index].outputOffset, context.scratch, context.pool)
    }
  }
}
