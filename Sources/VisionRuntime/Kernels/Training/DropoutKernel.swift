import VisionCompute
import VisionGraph
import VisionTensor

/// Dropout with the numbers that `DropoutTraining` names, four elements a block of random bits.
struct DropoutKernel: Kernel {
  private let op: DropoutTraining
  private let ratio: Double
  private let samples: Int
  /// Elements of a sample.
  private let length: Int

  static func choose(_ context: NodeContext) -> KernelChoice? {
    guard let op = context.node.operation as? DropoutTraining, let x = context.inputs[0],
      let keys = context.inputs[2], x.type == .float32, keys.shape[0] > 0,
      let ratio = context.frozen[1]?.doubles.first, ratio >= 0, ratio <= 1
    else { return nil }
    let kernel = DropoutKernel(
      op: op, ratio: ratio, samples: keys.shape[0], length: x.shape.elementCount / keys.shape[0])
    return KernelChoice(
      kernel: kernel, operands: [(0, .rowMajor), (2, .rowMajor)], outputLayout: .rowMajor, worksInPlace: true,
      name: "dropout")
  }

  func run(_ context: borrowing KernelContext) {
    let scale = ratio < 1 ? 1 / (1 - ratio) : 0
    let keys = context.pointers[1].assumingMemoryBound(to: Int64.self)
    let (input, output) = (context.floats(0), context.floats(2))
    // The numbers of a sample follow from its keys, so that samples can be shared out.
    Executor.forEach(count: samples, pool: context.pool) { sample, _ in
      let (x, y) = (input + sample * length, output + sample * length)
      let key = keys + 3 * sample
      for first in stride(from: 0, to: length, by: 4) {
        let uniform = op.uniform(
          seed: Int(key[0]), epoch: Int(key[1]), sample: Int(key[2]), block: first / 4)
        for lane in 0..<min(4, length - first) {
          y[first + lane] = uniform[lane] < ratio ? 0 : Float(Double(x[first + lane]) * scale)
        }
      }
    }
  }
}
