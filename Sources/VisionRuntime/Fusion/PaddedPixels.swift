import CVisionKernels
import VisionGraph
import VisionSystem
import VisionTensor

/// Results of convolutions whose pixels had better lie a little further apart than they have channels.
///
/// A tile reads several pixels at the same channel. Where these are a multiple of the nearest cache's way apart, they all fall
/// into one set of it, which holds fewer lines than there are pixels: each is then fetched again and again. A line between pixels
/// spreads them over the sets.
struct PaddedPixels: FusionPass {
  /// Bytes of one way of the nearest cache: 64 sets of 64 bytes on all x86-64 processors with these instruction sets.
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

  /// Whether only convolutions read a value's pixels, and one of them finds several in one set of the cache.
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

  /// A node's convolution, if its kernel takes pixels at any distance: it is a step of its own, and its result is of floats.
  private static func convolution(_ index: Int, _ draft: StepDraft) -> vn_conv? {
    guard draft.isSingle(index), draft.isApart(index), !draft[draft.result(of: index)].isHalf else {
      return nil
    }
    return ConvKernel.convolution(of: draft.graph.nodes[index], in: draft.graph)
  }
}
