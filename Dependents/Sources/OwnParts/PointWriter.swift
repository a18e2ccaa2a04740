import VisionNet

/// Points of a plane as the input of a network.
struct PointWriter: InputWriter {
  let specs = [TensorSpec(name: "input", shape: [.fixed(2)])]

  func write(_ point: SIMD2<Float>, into slots: borrowing TensorSlots, _ scratch: InputScratch) {
    let target = slots.floats(0)
    (target[0], target[1]) = (point.x, point.y)
  }
}
