import CVisionKernels
import VisionGraph
import VisionSystem
import VisionTensor

/// Inserts a cache line between the pixels of some convolution results.
///
/// A tile reads several pixels at the same channel. If their distance is a multiple of the L1 cache's way
/// size, they all map to the same set, which holds fewer lines than there are pixels, so each line is fetched
/// again and again. An extra line between pixels spreads them over the sets.
struct PaddedPixels: FusionPass {
  /// Bytes of one way of the L1 data cache: 64 sets of 64 bytes on all x86-64 processors with these
  /// instruction sets.
  private static let wayBytes = 4096
  private static let lineFloats = 16

  func run(_ draft: inout StepDraft, _ machine: Machine) {
    // im2col writes channels first.
    guard machine.convolutions != .im2col else { return }
    for index in draft.graph.nodes.indices {
      let value = draft.result(of: index)
      guard let image = draft.graph.fact(value).image, image.c % Self.lineFloats == 0,
        !draft.isOutput[value.index], !draft.isConstant[value.index], Self.convolution(index, draft) != nil,
        Self.collides(value, image.c, draft)
      else { continue }
      draft[value].pitch = image.c + Self.lineFloats
    }
  }

  /// Whether only convolutions read a value's pixels, and for one of them several pixels map to the same set
  /// of the cache.
  private static func collides(_ value: ValueID, _ channels: Int, _ draft: StepDraft) -> Bool {
    var collides = false
    for reader in draft.readers[value.index] {
      guard let conv = convolution(reader.node, draft), reader.position == 0 || reader.position == 3 else {
        return false
      }
      if reader.position == 0, conv.oh * conv.ow > 1 {
        collides = collides || Int(conv.stride_w) * channels * 4 % wayBytes == 0
      }
    }
    return collides
  }

  /// A node's convolution, if its kernel accepts any distance between pixels: it is a separate step, and its
  /// result is float32.
  private static func convolution(_ index: Int, _ draft: StepDraft) -> vn_conv? {
    guard draft.isSingle(index), draft.isApart(index), !draft[draft.result(of: index)].isHalf else {
      return nil
    }
    return ConvKernel.convolution(of: draft.graph.nodes[index], in: draft.graph)
  }
}
