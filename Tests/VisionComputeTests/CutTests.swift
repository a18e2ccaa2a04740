import CVisionKernels
import Testing

/// How products are cut into items for threads.
@Suite struct CutTests {
  struct Product: Sendable, CustomTestStringConvertible {
    var pixels, outputs, depth: Int

    var testDescription: String { "\(pixels) pixels, \(depth) → \(outputs)" }
    var panels: Int { (outputs + 31) / 32 }

    /// As float32 convolutions of 1 × 1 are cut with AVX-512.
    func cut(mostTiles: Int = 64) -> vn_cut {
      let panel = Double(depth * 32)
      var how = vn_cutting()
      how.item_work = 4e6
      how.panel_tile = 2 * Double(min(14, pixels)) * panel
      how.panel_load = 24 * panel
      how.finest = 0.125
      how.most_tiles = mostTiles
      how.cached = outputs * depth <= 96 * 1024
      how.large_panels = depth * 32 > 6 * 1024
      return vn_cut_make(pixels, 14, panels, outputs, &how)
    }
  }

  /// Of networks that are used, and odd ones.
  static let products: [Product] = [
    (12544, 16, 32), (784, 32, 192), (196, 64, 384), (196, 96, 384), (196, 96, 576), (49, 160, 576),
    (49, 160, 960),
    (49, 320, 960), (49, 1280, 320), (196, 80, 480), (196, 112, 672), (49, 192, 1152), (3136, 64, 256),
    (3136, 256, 64), (784, 512, 128), (784, 128, 512), (196, 1024, 256), (196, 256, 1024), (49, 2048, 512),
    (49, 512, 2048), (1, 1000, 1280), (16, 4096, 25088), (1, 1, 1), (15, 33, 3), (50176, 64, 256),
    (13, 31, 70_000),
  ].map { Product(pixels: $0.0, outputs: $0.1, depth: $0.2) }

  static func items(_ cut: vn_cut, group: Int = 0) -> [vn_cut_item] {
    var cut = cut
    let count = vn_cut_items(&cut)
    return (0..<count).map { vn_cut_item_at(&cut, group * count + $0) }
  }

  @Test(arguments: products) func eachTileMeetsEachPanelOnce(_ product: Product) {
    for mostTiles in [1, 3, 64] {
      var cut = product.cut(mostTiles: mostTiles)
      var seen = [Int](repeating: 0, count: cut.tiles * cut.panels)
      for item in Self.items(cut, group: 2) {
        #expect(item.group == 2)
        #expect(item.tile1 - item.tile0 <= vn_cut_most_tiles(&cut))
        for tile in item.tile0..<item.tile1 {
          for panel in item.panel0..<item.panel1 { seen[tile * cut.panels + panel] += 1 }
        }
      }
      #expect(seen.allSatisfy { $0 == 1 })
      #expect(vn_cut_most_tiles(&cut) <= mostTiles)
      #expect(vn_cut_tile_start(&cut, cut.tiles) == product.pixels)
      #expect(
        (0..<cut.tiles).allSatisfy {
          (1...14).contains(vn_cut_tile_start(&cut, $0 + 1) - vn_cut_tile_start(&cut, $0))
        })
    }
  }

  /// The ranges that two threads begin with. Before, 960 → 160 at 7×7 were two and three panels, 1.2 of a half.
  @Test(arguments: products) func twoThreadsHaveAboutAsMuch(_ product: Product) {
    let cut = product.cut()
    let work = Self.items(cut).map { ($0.tile1 - $0.tile0) * ($0.panel1 - $0.panel0) }
    guard work.count > 1 else { return }
    let first = work[..<(work.count / 2)].reduce(0, +), all = work.reduce(0, +)
    let busiest = Double(max(first, all - first)) / (Double(all) / 2)
    // Where there is little, one tile and panel, which cannot be parted, may be more than a few percent.
    #expect(busiest <= 1.06 || max(first, all - first) - min(first, all - first) <= 1, "\(busiest)")
  }
}
