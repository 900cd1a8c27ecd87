/** Above every part id (partView.ts). */
const partsOfAnImage = 2 ** 21

/** An image's id and a part's as one number, exact as long as image ids are below 2^31: ascending by image, then by part. */
export const partKey = (image: number, part: number): number => image * partsOfAnImage + part
export const imageOfKey = (key: number): number => Math.floor(key / partsOfAnImage)
export const partOfKey = (key: number): number => key % partsOfAnImage
