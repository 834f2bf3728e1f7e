import { cardTypes, natures, tracks, usages } from '../../imports/sheets/card-choices.ts'
import { choiceLabel } from '../../imports/sheets/fields.ts'

type Conditions = { [K in 'q' | 'track' | 'type' | 'nature' | 'usage' | 'undetermined']?: string | undefined }

/** The filter in words, so that a printed part is not taken for the whole. */
export function conditionsOf(filter: Conditions): string[] {
  const { q, track, type, nature, usage, undetermined } = filter
  return [
    q?.trim() ? `含“${q.trim()}”` : '',
    track ? `资产属性：${choiceLabel(tracks, track)}` : '',
    type ? `资产类别：${choiceLabel(cardTypes, type)}` : '',
    nature ? `资产性质：${choiceLabel(natures, nature)}` : '',
    usage ? `使用状况：${choiceLabel(usages, usage)}` : '',
    undetermined ? '待界定' : '',
  ]
}
