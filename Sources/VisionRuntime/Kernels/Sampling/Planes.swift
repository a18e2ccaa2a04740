import CVisionKernels
import VisionGraph
import VisionSystem

extension vn_planes {
  /// The planes over which a window goes; missing axes have extent 1.
  ///
  /// - Parameters:
  ///   - extents: of what the window reads, or is laid over.
  ///   - outputs: the positions of the window.
  ///   - before: the padding before each axis, and `after` that behind it.
  ///   - counts: see `vn_planes`; nil where no places are wanted.
  init(
    _ planes: Int, _ extents: [Int], _ window: Window, outputs: [Int], before: [Int], after: [Int],
    counts: [Int]? = nil
  ) {
    func three(_ list: [Int], _ missing: Int = 1) -> (Int64, Int64, Int64) {
      let all = [Int](repeating: missing, count: 3 - list.count) + list
      return (Int64(all[0]), Int64(all[1]), Int64(all[2]))
    }
    self.init(
      planes: planes, extents: three(extents), outputs: three(outputs), kernel: three(window.kernel),
      strides: three(window.strides), dilations: three(window.dilations), before: three(before, 0),
      after: three(after, 0), maximum: false, count_include_pad: false,
      counts: three(counts ?? [], 0))
  }
}
