import VisionSystem
import VisionTensor

extension Preprocessing {
  /// Writes the network's input by interpolation in float32, without rounding to bytes.
  ///
  /// Precondition: the image is squashed and was not decoded smaller.
  func interpolate(_ image: Image, _ output: UnsafeMutablePointer<Float>, _ layout: Layout) -> InputGeometry {
    defer { withExtendedLifetime(image.storage) {} }
    func places(_ inputs: Int, _ outputs: Int) -> [Interpolation] {
      let request = ResampleAxis.Request(
        inputs: inputs, start: 0, extent: Double(inputs), virtualOutputs: outputs, outputs: 0..<outputs,
        filter: filter)
      return (0..<outputs).map { Interpolation(request, $0) }
    }
    let (view, count) = (image.view, channels.count)
    let (columns, rows) = (places(view.width, width), places(view.height, height))
    // Of the three colors, those of each channel.
    let sources = channels == .bgr ? [2, 1, 0] : [0, 1, 2]
    let factors = (0..<count).map { Float(scale[$0] / deviation[$0]) }
    let offsets = (0..<count).map { Float(-mean[$0] / deviation[$0]) }
    let luma: [Float] = [0.299, 0.587, 0.114]
    for (y, row) in rows.enumerated() {
      let (top, bottom) = (view.base + row.low * view.pitch, view.base + row.high * view.pitch)
      for (x, column) in columns.enumerated() {
        func color(_ index: Int) -> Float {
          let (left, right) = (column.low * 3 + index, column.high * 3 + index)
          let above = Float(top[left]) + (Float(top[right]) - Float(top[left])) * column.part
          let below = Float(bottom[left]) + (Float(bottom[right]) - Float(bottom[left])) * column.part
          return above + (below - above) * row.part
        }
        for channel in 0..<count {
          let value =
            channels == .gray
            ? color(0) * luma[0] + color(1) * luma[1] + color(2) * luma[2] : color(sources[channel])
          let place = layout == .nchw ? (channel * height + y) * width + x : (y * width + x) * count + channel
          output[place] = value * factors[channel] + offsets[channel]
        }
      }
    }
    return geometry(width: image.wholeWidth, height: image.wholeHeight)
  }
}
