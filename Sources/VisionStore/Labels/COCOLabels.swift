/// The classes of COCO's boxes.
public enum COCOLabels {
  /// The 80 names, in the order of their numbers.
  public static let names = classes.map(\.name)

  /// The numbers that COCO gives the classes, 1...90; ten of these are not used.
  public static let numbers = classes.map(\.number)

  private static let classes: [(number: Int, name: String)] = {
    let names = """
      person,bicycle,car,motorcycle,airplane,bus,train,truck,boat,traffic light,fire hydrant,,stop sign,\
      parking meter,bench,bird,cat,dog,horse,sheep,cow,elephant,bear,zebra,giraffe,,backpack,umbrella,,,handbag,\
      tie,suitcase,frisbee,skis,snowboard,sports ball,kite,baseball bat,baseball glove,skateboard,surfboard,\
      tennis racket,bottle,,wine glass,cup,fork,knife,spoon,bowl,banana,apple,sandwich,orange,broccoli,carrot,\
      hot dog,pizza,donut,cake,chair,couch,potted plant,bed,,dining table,,,toilet,,tv,laptop,mouse,remote,\
      keyboard,cell phone,microwave,oven,toaster,sink,refrigerator,,book,clock,vase,scissors,teddy bear,\
      hair drier,toothbrush
      """
    return names.split(separator: ",", omittingEmptySubsequences: false).enumerated()
      .filter { !$0.element.isEmpty }.map { ($0.offset + 1, String($0.element)) }
  }()
}
