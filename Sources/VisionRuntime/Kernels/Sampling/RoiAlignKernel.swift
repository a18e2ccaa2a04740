import CVisionKernels
import VisionGraph
import VisionTensor
import VisionSystem

/// Samples in regions of images, channels last.
struct RoiAlignKernel: Kernel {
  private let regions: vn_regions
  private let images: Int

  static func choose(_ op: RoiAlign, _ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0]?.image, let y = context.outputImage,
      context.outputs[0].shape.elementCount > 0
    else { return nil }
    let regions = vn_regions(
      regions: y.n, h: x.h, w: x.w, channels: x.c, bins_h: y.h, bins_w: y.w, samples: Int32(op.samples),
      scale: op.scale, half_pixel: op.isHalfPixel, maximum: op.mode == .maximum)
    return KernelChoice(
      kernel: RoiAlignKernel(regions: regions, images: x.n),
      operands: [(0, .channelsLast), (1, .rowMajor), (2, .rowMajor)], outputLayout: .channelsLast,
      name: "roi align")
  }

  func run(_ context: borrowing KernelContext) throws(EvaluationError) {
    var regions = regions
    let sides = context.floats(1)
    let numbers = context.pointers[2].assumingMemoryBound(to: Int64.self)
    for region in 0..<regions.regions {
      guard numbers[region] >= 0, numbers[region] < images else {
        throw EvaluationError("region \(region) is of image \(numbers[region]), but there are \(images)")
      }
      guard vn_region_samples(&regions, sides + region * 4) <= Double(RoiAlign.sampleLimit) else {
        throw RoiAlign.tooLarge(region)
      }
    }
    vn_roi_align(&regions, context.floats(0), sides, numbers, context.floats(3), context.pool)
  }
}

extension RoiAlign: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? { RoiAlignKernel.choose(self, context) }
}
